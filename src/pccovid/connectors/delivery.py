"""The files of one delivery folder: which are known by name, in what order they are read, which are not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# System and format of every file kind, in reading order: mapping files, people, places, then what points to them.
FILE_NAMES: dict[str, tuple[str, str]] = {
    "tokhaiyte_areas": ("tokhaiyte", "csv"),
    "tokhaiyte_nations": ("tokhaiyte", "csv"),
    "vneid": ("vneid", "jsonl"),
    "sskdt_people": ("sskdt", "csv"),
    "ncovi": ("ncovi", "jsonl"),
    "bluezone_users": ("bluezone", "csv"),
    "qr_places": ("qr", "csv"),
    "tokhaiyte_domestic": ("tokhaiyte", "csv"),
    "tokhaiyte_entry": ("tokhaiyte", "jsonl"),
    "tokhaiyte_movement": ("tokhaiyte", "csv"),
    "sskdt_doses": ("sskdt", "csv"),
    "qr_visits": ("qr", "csv"),
    "sampling": ("sampling", "csv"),
}
_ORDER = {kind: number for number, kind in enumerate(FILE_NAMES)}
_NAME = re.compile(
    r"(?P<kind>[a-z_]+)(?:\.part-(?P<part>\d{1,9}))?\.(?P<format>csv|jsonl)"
    r"(?:\.part-(?P<late_part>\d{1,9}))?(?:\.gz)?",
    re.ASCII,
)


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a known kind, judged by its name alone; `reading` finds out what is really in it."""

    path: Path
    system: str
    kind: str
    part: int = 0
    """Number of a split file's part, 0 for a whole file."""
    size: int = 0
    """Bytes on disk; 0: the file is empty."""
    first_part: Path | None = None
    """The part that carries the header, for later parts that may have none."""


@dataclass(frozen=True)
class Delivery:
    """A folder's files. Unknown files are listed, not read; absent kinds are no error."""

    files: tuple[DeliveredFile, ...]
    unknown: tuple[Path, ...]

    @property
    def absent(self) -> tuple[str, ...]:
        """File kinds of which nothing came."""
        present = {file.kind for file in self.files}
        return tuple(kind for kind in FILE_NAMES if kind not in present)

    @property
    def empty(self) -> tuple[Path, ...]:
        """Files of zero bytes."""
        return tuple(file.path for file in self.files if file.size == 0)


def find(folder: Path) -> Delivery:
    """Known and unknown files of `folder`, not of its subfolders (those are listed as unknown).

    Raises NotADirectoryError or FileNotFoundError where there is no such folder.
    """
    files: list[DeliveredFile] = []
    unknown: list[Path] = []
    for path in sorted(folder.iterdir()):
        file = recognise(path)
        if file:
            files.append(file)
        else:
            unknown.append(path)
    return Delivery(tuple(sorted(_with_first_parts(files), key=_reading_order)), tuple(unknown))


def recognise(path: Path) -> DeliveredFile | None:
    """The file as its name describes it; None for any other name, a folder or a special file."""
    match = _NAME.fullmatch(path.name.casefold())
    if match is None or not path.is_file():
        return None
    system, file_format = FILE_NAMES.get(match["kind"], ("", ""))
    if match["format"] != file_format:
        return None
    part = int(match["part"] or match["late_part"] or 0)
    return DeliveredFile(path, system, match["kind"], part, path.stat().st_size)


def _with_first_parts(files: list[DeliveredFile]) -> Iterator[DeliveredFile]:
    first: dict[str, DeliveredFile] = {}
    for file in sorted(files, key=_reading_order):
        if file.part:
            first.setdefault(file.kind, file)
    for file in files:
        start = first.get(file.kind)
        later = start is not None and file.part > start.part
        yield DeliveredFile(
            file.path, file.system, file.kind, file.part, file.size, start.path if start and later else None
        )


def _reading_order(file: DeliveredFile) -> tuple[int, int, str]:
    return _ORDER[file.kind], file.part, file.path.name

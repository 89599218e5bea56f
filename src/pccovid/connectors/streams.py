"""From a file's bytes to physical lines, in bounded memory: gzip, UTF-16, line ends, lines longer than any row may be.

A line never grows beyond LINE_LIMIT in memory: what is longer goes to a file in the spill folder as it arrives.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pccovid.connectors.notes import FileNotes

LINE_LIMIT = 1 << 20
CHUNK = 1 << 18
_GZIP_MAGIC = b"\x1f\x8b"
_START = 120


class Spilled(NamedTuple):
    """A line longer than LINE_LIMIT: its bytes stand in the spill folder under `name`."""

    name: str
    size: int
    start: bytes
    """Its first bytes, to recognise it by."""


class BrokenOff(NamedTuple):
    """The piece of a line that stood before the point where a compressed stream broke."""

    text: bytes


Line = bytes | Spilled | BrokenOff
Mask = Callable[[bytes], bytes]


def lines_of(path: Path, spill: Path, notes: FileNotes, mask: Mask | None = None) -> Iterator[Line]:
    """Physical lines of a plain or gzip file in UTF-8 or UTF-16, without line ends and byte-order mark.

    `mask` is applied to bytes that go to the spill folder. Raises OSError where the file cannot be read.
    """
    return lines(chunks_of(path, notes), spill, notes, mask)


def chunks_of(path: Path, notes: FileNotes) -> Iterator[bytes]:
    """The file's text as UTF-8 bytes, in pieces of about CHUNK; judged by content, not by name."""
    with path.open("rb") as file:
        start = file.read(CHUNK)
        notes.is_gzip = start[:2] == _GZIP_MAGIC
        if notes.is_gzip != path.name.casefold().endswith(".gz") and start:
            notes.remark("gzip_without_name" if notes.is_gzip else "not_gzip")
        source = _blocks(start, file)
        yield from to_utf8(gunzip(source, notes) if notes.is_gzip else source, notes)


def _blocks(start: bytes, file: BinaryIO) -> Iterator[bytes]:
    block = start
    while block:
        yield block
        block = file.read(CHUNK)


def gunzip(source: Iterator[bytes], notes: FileNotes) -> Iterator[bytes]:
    """Decompress one or more gzip members; what was readable before a break is delivered, the break is noted."""
    machine = zlib.decompressobj(31)
    for block in source:
        data = block
        while data:
            if machine.eof:
                data = data.lstrip(b"\0")
                if data[:1] != _GZIP_MAGIC[:1]:
                    _note_trailing(data, notes)
                    break
                machine = zlib.decompressobj(31)
            sound = machine.copy()
            try:
                out = machine.decompress(data, CHUNK)
            except zlib.error:
                yield from _salvaged(sound, data)
                notes.break_off()
                return
            data = machine.unused_data if machine.eof else machine.unconsumed_tail
            if out:
                yield out
    if not machine.eof:
        yield from _last_of(machine)
        notes.break_off()


def _salvaged(machine: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What stands before the damage: a call that fails gives nothing, so the pieces get smaller towards the damage."""
    for step in (4096, 64, 1):
        at = 0
        while at < len(data):
            sound = machine.copy()
            try:
                out = machine.decompress(data[at : at + step])
            except zlib.error:
                break
            if out:
                yield out
            at += step
        machine, data = sound, data[at : at + step]


def _note_trailing(data: bytes, notes: FileNotes) -> None:
    if data:
        notes.remark("bytes_after_gzip")


def _last_of(machine: zlib._Decompress) -> Iterator[bytes]:
    rest = machine.flush()
    if rest:
        yield rest


def to_utf8(source: Iterator[bytes], notes: FileNotes) -> Iterator[bytes]:
    """Strip a UTF-8 byte-order mark; recode UTF-16 (marked, or plain to see) so that lines can be split as bytes."""
    start = next(source, b"")
    wide = _wide_encoding(start)
    if wide is None:
        yield start.removeprefix(codecs.BOM_UTF8)
        yield from source
        return
    notes.encoding = wide
    notes.remark("utf16")
    decoder = codecs.getincrementaldecoder(wide)("surrogatepass")
    block = start[2:] if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else start
    while block:
        yield decoder.decode(block).encode("utf-8", "surrogatepass")
        block = next(source, b"")
    yield decoder.getstate()[0]  # an odd last byte, kept as it is


_BY_ZEROS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
"""Which of the first four octets of an ASCII beginning are zero."""


def _wide_encoding(start: bytes) -> str | None:
    if start.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if start.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    return _BY_ZEROS.get(tuple(not octet for octet in start[:4]))


def lines(chunks: Iterator[bytes], spill: Path, notes: FileNotes, mask: Mask | None = None) -> Iterator[Line]:
    """Split chunks at LF or CRLF (at CR where the first chunk has no LF); the last line needs no line end."""
    start = next(chunks, b"")
    separator = b"\r" if b"\r" in start[:-1] and b"\n" not in start else b"\n"
    if separator == b"\r":
        notes.remark("cr_line_ends")
    splitter = _Splitter(separator, spill, mask)
    block = start
    while block:
        yield from splitter.feed(block)
        block = _next_block(chunks)
    yield from splitter.finish(broken=notes.truncated)


def _next_block(chunks: Iterator[bytes]) -> bytes:
    for block in chunks:
        if block:
            return block
    return b""


class _Splitter:
    """Carries the unfinished line from one chunk to the next."""

    def __init__(self, separator: bytes, spill: Path, mask: Mask | None) -> None:
        self._separator = separator
        self._spill = spill
        self._mask = mask
        self._rest = b""
        self._long: SpillFile | None = None

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """Lines that end within this chunk."""
        block = chunk
        if self._long is not None:
            head, found, block = chunk.partition(self._separator)
            self._long.write(head)
            if not found:
                return
            yield self._close_long()
        parts = (self._rest + block).split(self._separator)
        self._rest = parts.pop()
        for part in parts:
            yield self._line(part)
        if len(self._rest) > LINE_LIMIT:
            self._long = self._spill_start(self._rest)
            self._rest = b""

    def finish(self, *, broken: bool) -> Iterator[Line]:
        """The last line, if it has no line end."""
        if self._long is not None:
            yield self._close_long()
        elif self._rest:
            yield BrokenOff(self._rest) if broken else self._line(self._rest)

    def _line(self, part: bytes) -> Line:
        if len(part) > LINE_LIMIT:
            self._long = self._spill_start(part)
            return self._close_long()
        return part[:-1] if part.endswith(b"\r") else part

    def _spill_start(self, part: bytes) -> SpillFile:
        file = SpillFile(self._spill, self._mask)
        file.write(part)
        return file

    def _close_long(self) -> Spilled:
        assert self._long is not None
        spilled = self._long.close()
        self._long = None
        return spilled


class SpillFile:
    """Takes the bytes of one over-long line; the finished file is named by its content, so a repeat adds nothing."""

    def __init__(self, folder: Path, mask: Mask | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".unfinished-", dir=folder)
        self._file = os.fdopen(descriptor, "wb")
        self._unfinished = Path(name)
        self._mask = mask
        self._held_back = b""
        self._digest = hashlib.blake2b(digest_size=16)
        self._start = b""
        self._size = 0

    def write(self, part: bytes) -> None:
        """Append; a number at the end waits for the next part, so that the mask never sees half of one."""
        if self._mask is None:
            self._put(part)
            return
        whole = self._held_back + part
        kept = len(whole.rstrip(b"0123456789.-"))
        cut = kept if len(whole) - kept < 64 else len(whole)
        self._held_back = whole[cut:]
        self._put(self._mask(whole[:cut]))

    def _put(self, part: bytes) -> None:
        self._file.write(part)
        self._digest.update(part)
        self._size += len(part)
        if len(self._start) < _START:
            self._start += part[: _START - len(self._start)]

    def close(self) -> Spilled:
        """Finish the file under its content's name."""
        if self._mask is not None:
            self._put(self._mask(self._held_back))
        self._file.close()
        name = self._digest.hexdigest()
        self._unfinished.replace(self._unfinished.with_name(name))
        return Spilled(name, self._size, self._start)

"""Every file kind of the earlier apps, by name."""

from __future__ import annotations

from pccovid.connectors.bluezone.users import USERS
from pccovid.connectors.file_kinds import CSV, FileKind
from pccovid.connectors.ncovi.accounts import NCOVI
from pccovid.connectors.qr.places import PLACES
from pccovid.connectors.qr.visits import VISITS
from pccovid.connectors.sampling.specimens import SPECIMENS
from pccovid.connectors.sskdt.doses import DOSES
from pccovid.connectors.sskdt.people import PEOPLE
from pccovid.connectors.tokhaiyte.domestic import DOMESTIC
from pccovid.connectors.tokhaiyte.entry import ENTRY_DECLARATION
from pccovid.connectors.tokhaiyte.mapping_files import AREAS, NATIONS
from pccovid.connectors.tokhaiyte.movement import MOVEMENT
from pccovid.connectors.vneid.identities import VNEID

FILE_KINDS: dict[str, FileKind] = {
    kind.name: kind
    for kind in (
        *(AREAS, NATIONS, VNEID, PEOPLE, NCOVI, USERS, PLACES),
        *(DOMESTIC, ENTRY_DECLARATION, MOVEMENT, DOSES, VISITS, SPECIMENS),
    )
}


def better_match(columns: frozenset[str], kind: FileKind) -> FileKind | None:
    """Another kind of the same format that these columns fit better, its key among them; else None."""
    own = len(columns & set(kind.columns)) if kind.key in columns else 0
    others = [
        (len(columns & set(other.columns)), other)
        for other in FILE_KINDS.values()
        if other.format == kind.format and other is not kind and other.key in columns
    ]
    fit, best = max(others, key=lambda match: match[0], default=(0, kind))
    return best if fit > own else None


def known_columns() -> frozenset[str]:
    """Columns of all CSV kinds, by which a header's delimiter is recognised."""
    return frozenset(name for kind in FILE_KINDS.values() if kind.format == CSV for name in kind.columns)

"""An index from before is sealed where it stands; keys are replaced while people go on being found."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import psycopg
import pytest

from carry_over_importing import fingerprint, import_delivery
from conftest import MadeDatabase, use_in_django
from pccovid.foundation import key_ring as keys
from pccovid.foundation.key_ring import LOOKUP, SEALING
from pccovid.foundation.resealing import rewrite_all
from pccovid.foundation.sealing import KeyIsMissing, sealer
from sealed_rows import numbers_in, shown_payload

_NUMBERS = ["personal_id", "old_id", "passport", "insurance_no", "insurance_card", "qid", "id_tail", "phone", "email"]


def _bare(owner: psycopg.Connection) -> None:
    """Turn a sealed index into what it was before numbers were sealed."""
    claims = owner.execute("SELECT record_id, sealed FROM people_recordclaim WHERE sealed IS NOT NULL").fetchall()
    for record, sealed in claims:
        shown = numbers_in(sealed)
        sets = ", ".join(f"{name} = %s" for name in _NUMBERS)
        values = [shown.get(name) for name in _NUMBERS]
        owner.execute(f"UPDATE people_recordclaim SET {sets}, sealed = NULL WHERE record_id = %s", [*values, record])
    for table in ("people_identifier", "people_contactpoint"):
        for row, system, sealed in owner.execute(f"SELECT id, system, sealed FROM {table}").fetchall():
            owner.execute(
                f"UPDATE {table} SET value = %s, sealed = NULL, id = md5(person_id::text || system || %s)::uuid"
                " WHERE id = %s",
                [value := sealer().unseal(sealed, system), value, row],
            )
    for row, payload, record in owner.execute("SELECT id, payload, record_id FROM people_sourcerecord").fetchall():
        owner.execute(
            "UPDATE people_sourcerecord SET payload = %s WHERE id = %s", [shown_payload(payload, record), row]
        )
    for row, payload, record, place in owner.execute(
        "SELECT id, payload, record_id, file_name || '/' || row_no || '/' FROM people_unplacedrow"
    ).fetchall():
        shown_row = shown_payload(payload, record)
        before = hashlib.md5(f"{place}{hashlib.md5(shown_row.encode()).hexdigest()}".encode()).hexdigest()
        owner.execute("UPDATE people_unplacedrow SET payload = %s, id = %s WHERE id = %s", [shown_row, before, row])
    for table, column in (("insurance_card", "insurance_no"), ("insurance_card", "card_number"),
                          ("movement_place", "registrant_phone")):  # fmt: skip
        for row, value in owner.execute(f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall():
            owner.execute(
                f"UPDATE {table} SET {column} = %s WHERE id = %s", [sealer().unseal(value, f"{table}.{column}"), row]
            )


def _rotate(made: MadeDatabase, *families: str, batch: int = 500) -> dict[str, int]:
    use_in_django(made, "web")
    from pccovid.people.key_rotation import rotate

    with made.connect("owner", autocommit=True) as owner:
        return rotate(owner, families, progress=lambda table, seen, new: None, batch=batch)


def _use(made: MadeDatabase) -> dict[str, set[str]]:
    from pccovid.people.key_rotation import key_use

    with made.connect("owner") as owner:
        return {family: set(by_key) for family, by_key in key_use(owner).items()}


def test_an_index_from_before_is_sealed_to_the_same_rows_and_the_upgrade_can_be_broken_off(
    sealed: MadeDatabase,
) -> None:
    from pccovid.people.resealing import rewritings

    as_imported = fingerprint(sealed)
    with sealed.connect("owner", autocommit=True) as owner:
        _bare(owner)
        assert fingerprint(sealed) != as_imported
        half_done = rewrite_all(owner, rewritings()[0], sealer(), batch=50)
        next(half_done)
        half_done.close()
        for rewriting in rewritings():
            assert sum(new for _, new in rewrite_all(owner, rewriting, sealer(), batch=300)) >= 0
        assert [sum(new for _, new in rewrite_all(owner, one, sealer())) for one in rewritings()] == [0] * len(
            rewritings()
        )
    assert fingerprint(sealed) == as_imported


def test_after_a_rotation_every_row_is_under_the_new_keys_and_old_ones_may_be_destroyed(
    sealed: MadeDatabase, nation: Path, tmp_path: Path
) -> None:
    before = keys.key_ring()
    with sealed.connect("owner") as owner:
        numbers = sorted(
            json.dumps(numbers_in(row[0])) for row in owner.execute("SELECT sealed FROM people_recordclaim")
        )
    rewritten = _rotate(sealed, SEALING, LOOKUP)
    assert rewritten["people_recordclaim"] > 100
    ring = keys.key_ring()
    assert _use(sealed) == {SEALING: {ring.sealing.active}, LOOKUP: {ring.lookup.active}}
    keys.destroy_key(SEALING, before.sealing.active)
    keys.destroy_key(LOOKUP, before.lookup.active)
    with sealed.connect("owner") as owner:
        rows = owner.execute("SELECT sealed FROM people_recordclaim")
        assert sorted(json.dumps(numbers_in(row[0])) for row in rows) == numbers
    again = import_delivery(sealed, nation / "exports", tmp_path / "again")
    assert again.total("new") == 0
    assert sum(file.unchanged for file in again.files) > again.total("received") / 2


def test_while_look_up_keys_are_half_rotated_people_are_found_and_imports_wait(
    sealed: MadeDatabase, nation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pccovid.carry_over.jobs import KeysAreHalfRotated
    from pccovid.people import key_rotation

    with monkeypatch.context() as broken:
        real, calls = key_rotation.rewrite_all, []

        def breaks_off(*args: object, **options: object):  # noqa: ANN202
            for seen in real(*args, **options):  # type: ignore[arg-type]
                yield seen
                calls.append(seen)
                if len(calls) == 2:
                    raise KeyboardInterrupt

        broken.setattr(key_rotation, "rewrite_all", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            _rotate(sealed, LOOKUP, batch=100)
    assert len(_use(sealed)[LOOKUP]) == 2
    with pytest.raises(KeysAreHalfRotated, match="keys rotate"):
        import_delivery(sealed, nation / "exports", tmp_path / "refused")
    _every_phone_finds_its_claims(sealed)
    active = keys.key_ring().lookup.active
    _rotate(sealed, LOOKUP)
    assert keys.key_ring().lookup.active == active
    assert _use(sealed)[LOOKUP] == {active}
    assert import_delivery(sealed, nation / "exports", tmp_path / "after").total("new") == 0


def _every_phone_finds_its_claims(made: MadeDatabase) -> None:
    with made.connect("owner") as owner:
        rows = owner.execute("SELECT phone, sealed FROM people_recordclaim WHERE phone IS NOT NULL").fetchall()
    assert len({stored.split(":")[1] for stored, _ in rows}) == 2
    assert all(stored in sealer().lookups(numbers_in(sealed)["phone"], "phone") for stored, sealed in rows)


def test_what_was_sealed_under_a_destroyed_key_cannot_be_read_by_anybody(sealed: MadeDatabase) -> None:
    old = keys.key_ring().sealing.active
    keys.begin_rotation(SEALING)
    keys.destroy_key(SEALING, old)
    with sealed.connect("owner") as owner:
        ((payload, record), *_) = owner.execute("SELECT payload, record_id FROM people_sourcerecord").fetchall()
    with pytest.raises(KeyIsMissing):
        shown_payload(payload, record)

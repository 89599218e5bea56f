"""Models are learnt from the index, measured, compared, sampled by officers, and watched for drift."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conftest import MadeDatabase
from relinking_shadows import LATER, around, silent, stewards

LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def run(nation: MadeDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    from contextlib import contextmanager

    from conftest import use_in_django
    from pccovid.cli import main
    from pccovid.config.commands import models
    from pccovid.config.commands.session import Session
    from pccovid.foundation.environment import read_environment

    @contextmanager
    def session(role: str) -> Any:
        use_in_django(nation, role)
        yield Session(read_environment(), nation.owner_url)

    monkeypatch.setattr(models, "session", session)

    def command(*arguments: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["linkage", *arguments, "--json"])
        out = capsys.readouterr().out.strip()
        return code, json.loads(out.splitlines()[-1]) if out else {}

    return command


def test_a_model_is_learnt_from_the_index_and_its_file_says_when_on_what_and_how(
    nation: MadeDatabase, tmp_path: Path
) -> None:
    from pccovid.linkage.model import default_model, load_model
    from pccovid.relinking.training import LEAST_HOLDERS, train_model

    trained = train_model(around(nation, tmp_path), tmp_path, base=default_model(), now=LONG_AGO, progress=silent)
    assert trained.path == tmp_path / "models" / "trained-20261101-1.json"
    assert load_model(trained.path) == trained.model
    text = trained.path.read_text(encoding="utf-8")
    made = json.loads(text)["made"]
    assert set(made["on"]["systems"]) >= {"vneid", "sskdt", "ncovi"}
    assert made["on"]["records"] == sum(one["records"] for one in made["on"]["systems"].values())
    assert set(made["how"]["engine"]) == {"splink", "duckdb", "pccovid"}
    assert any(level.trained for levels in trained.model.levels.values() for level in levels.values())
    with nation.connect("owner") as owner:
        names = [row[0] for row in owner.execute("SELECT name_key FROM people_recordclaim WHERE name_key IS NOT NULL")]
    base = default_model().name_shares
    for part in ("family", "middle", "given"):
        for word in set(getattr(trained.model.name_shares, part)) - set(getattr(base, part)):
            assert sum(word in name for name in names) >= LEAST_HOLDERS, "a rare name stands in the model"
    again = train_model(around(nation, tmp_path), tmp_path, base=default_model(), now=LONG_AGO, progress=silent)
    assert again.path.name == "trained-20261101-2.json"
    assert again.model.levels == trained.model.levels
    assert sorted(path.name for path in tmp_path.iterdir()) == ["models"]


def test_nothing_is_learnt_from_an_empty_index(database: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.linkage.model import default_model
    from pccovid.relinking.training import NothingToLearnFrom, train_model

    with pytest.raises(NothingToLearnFrom):
        train_model(around(database, tmp_path), tmp_path, base=default_model(), now=LONG_AGO, progress=silent)


def test_a_model_is_measured_on_the_index_without_changing_it(
    nation: MadeDatabase, exports: Path, tmp_path: Path
) -> None:
    from pccovid.carry_over.evaluating import evaluate
    from pccovid.foundation.facts import registered
    from pccovid.linkage.model import default_model
    from pccovid.relinking.governance import evaluate_model
    from relinking_shadows import every_row

    where, truth = around(nation, tmp_path), exports.parent / "truth.parquet"
    before = every_row(nation)
    figures = evaluate_model(where, truth, default_model(), now=LATER, progress=silent)
    with nation.connect("jobs", autocommit=True) as jobs:
        stands = evaluate(jobs, truth, registered(), work=tmp_path)
    told = ("records", "people", "wrong_merges", "split_people", "pair_precision", "pair_recall", "held",
            "people_tellable", "people_complete_tellable")  # fmt: skip
    assert {name: figures[name] for name in told} == {name: stands[name] for name in told}
    assert every_row(nation) == before
    unread = evaluate_model(where, truth, default_model(), delivery=exports.parent, now=LATER, progress=silent)
    assert {name: unread[name] for name in told} == {name: stands[name] for name in told}, "read without a database"
    assert not (tmp_path / "evaluating").exists()


def test_a_folder_without_a_delivery_is_told(nation: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.linkage.model import default_model
    from pccovid.relinking.deliveries import NoDelivery
    from pccovid.relinking.governance import evaluate_model

    where = around(nation, tmp_path)
    with pytest.raises(NoDelivery):
        evaluate_model(where, tmp_path, default_model(), delivery=tmp_path, now=LATER, progress=silent)


def test_compared_models_are_told_apart_and_the_shadow_says_who_would_change(run: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    from pccovid.linkage.model import default_model

    for version in ("one", "two"):
        (tmp_path / f"{version}.json").write_text(replace(default_model(), version=version).to_json())
    code, told = run("compare", str(tmp_path / "one.json"), str(tmp_path / "two.json"))
    assert (code, told["moved"], told["shadow"]) == (0, 0, None)
    assert run("models")[1]["in_force"] == default_model().version


def test_officers_words_about_sampled_joins_give_each_band_its_precision(nation: MadeDatabase, run: Any) -> None:
    code, drawn = run("sample", "--per-band", "4", "--seed", "x")
    assert (code, drawn["drawn"] > 4) == (0, True)
    with nation.connect("owner", autocommit=True) as owner:
        (steward,) = stewards(owner, 1)
        pairs = owner.execute(
            "SELECT id, weight FROM people_reviewpair WHERE reason = 'sample' ORDER BY weight DESC, id"
        ).fetchall()
        same_person = owner.execute(
            "SELECT bool_and(a.person_id = b.person_id) FROM people_reviewpair p"
            " JOIN people_recordclaim a ON a.record_id = p.record_id"
            " JOIN people_recordclaim b ON b.record_id = p.other_record_id WHERE p.reason = 'sample'"
        ).fetchone()
    assert same_person == (True,)
    assert {pair for pair, _ in pairs} <= waiting_for(nation, steward)
    for pair, _ in pairs[1:]:
        say(nation, pair, steward, "same")
    say(nation, pairs[0][0], steward, "different")
    bands = run("precision")[1]["bands"]
    assert sum(band["sampled"] for band in bands) == sum(band["judged"] for band in bands) == len(pairs)
    (wrong,) = [band for band in bands if band["judged"] != band["right"]]
    assert wrong["from"] is None or wrong["from"] <= pairs[0][1]
    assert wrong["right"] == wrong["judged"] - 1
    assert wrong["interval"][0] < wrong["precision"] < wrong["interval"][1]
    assert not {pair for pair, _ in pairs[1:]} & waiting_for(nation, steward)


def waiting_for(made: MadeDatabase, officer: int) -> set[Any]:
    from conftest import use_in_django
    from pccovid.foundation import access
    from pccovid.foundation.purposes import EPIDEMIC_LAW
    from pccovid.link_review.queries import queue

    use_in_django(made, "web")
    with access.open(
        access.officer(officer, "data_steward"), purpose="data_repair", legal_basis=EPIDEMIC_LAW,
        scope=access.everybody(), case="x",
    ):  # fmt: skip
        return {line.pair for line in queue(officer, limit=10_000)}


def say(made: MadeDatabase, pair: Any, officer: int, opinion: str) -> None:
    with made.connect("web") as web, web.transaction():
        web.execute(
            "SELECT access.open('officer', %s, 'data_steward', 'data_repair', 'test', 'all', '{}', NULL, 'x')",
            [str(officer)],
        )
        web.execute("SELECT access.give_link_opinion(%s, %s, 'vì lý do thử')", [pair, opinion])


def test_a_source_whose_agreement_changes_is_named_with_the_attribute(nation: MadeDatabase, run: Any) -> None:
    spans = ("--before", "2021-11-01..2021-11-30", "--after", "2022-01-01..2022-01-31")
    with nation.connect("owner", autocommit=True) as owner:
        copy_links(owner, "l.evidence")
        code, calm = run("drift", *spans)
        assert (code, calm["drifted"]) == (0, 0)
        told = {(line["system"], line["attribute"]) for line in calm["lines"] if line["has_drifted"] is False}
        assert ("sskdt", "name") in told
        owner.execute("DELETE FROM people_link WHERE decided_by = 'later'")
        copy_links(owner, "jsonb_set(l.evidence, '{name,level}', CASE WHEN c.system = 'sskdt' THEN '\"two_typos\"'"
                          " ELSE l.evidence #> '{name,level}' END)")  # fmt: skip
    code, told_now = run("drift", *spans)
    drifted = [(line["system"], line["attribute"]) for line in told_now["lines"] if line["has_drifted"]]
    assert (code, drifted) == (1, [("sskdt", "name")])


def copy_links(owner: psycopg.Connection, evidence: str) -> None:
    """The joins of November decided again in January, with this evidence."""
    owner.execute(
        "INSERT INTO people_link (record_id, person_id, decision, weight, evidence, reason, model_version, decided_by,"
        f" decided_at) SELECT l.record_id, l.person_id, l.decision, l.weight, {evidence}, l.reason, l.model_version,"
        " 'later', '2022-01-15' FROM people_link l JOIN people_recordclaim c USING (record_id)"
        " WHERE l.decision IN ('exact', 'probabilistic') AND l.evidence ? 'name'"
    )


@pytest.mark.parametrize("span", ["2021-11-01", "2021-11-30..2021-11-01", "x..y", "2021-11-01..2021-11-02..2021-11-03"])
def test_a_span_that_is_none_is_told_in_one_sentence(run: Callable[..., Any], span: str) -> None:
    assert run("drift", "--before", span, "--after", "2021-11-01..2021-11-02")[0] == 2

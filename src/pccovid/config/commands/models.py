"""pccovid linkage train, evaluate, compare, models, sample, precision, drift: how models come, and how they do."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from rich.table import Table

from pccovid.carry_over.models_in_force import model_in_force
from pccovid.config.commands.carrying import surroundings
from pccovid.config.commands.session import add_json_option, print_json, progress_bars, session, talk
from pccovid.config.commands.shadows import as_report, in_force, read_model_file, reading
from pccovid.config.commands.times import now
from pccovid.foundation.roles import JOBS
from pccovid.relinking import queries
from pccovid.relinking.clerical import draw_sample, precision_by_band
from pccovid.relinking.comparing_models import MOVED_BITS, LevelPair, side_by_side
from pccovid.relinking.deliveries import NoDelivery
from pccovid.relinking.drifting import AttributeDrift, drift_between
from pccovid.relinking.governance import evaluate_model, history
from pccovid.relinking.making import print_of
from pccovid.relinking.rules import DRIFT_LIMIT
from pccovid.relinking.shadows import open_relinking
from pccovid.relinking.training import NothingToLearnFrom, train_model

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


class NotASpan(ValueError):
    """A span of days is written FROM..TO, both of them days, the first not after the last."""


TOLD_FAILURES = (NothingToLearnFrom, NotASpan, NoDelivery)


def add_actions(actions: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    training = actions.add_parser("train", help="learn a model from what the index holds; written under models/")
    evaluating = actions.add_parser(
        "evaluate", help="what a model makes of the index or of a delivery, against a truth"
    )
    evaluating.add_argument("--truth", type=Path, required=True, help="truth.parquet or truth.csv of a made nation")
    evaluating.add_argument("--model", type=Path, metavar="FILE", help="a model file; else the model in force")
    evaluating.add_argument("--delivery", type=Path, metavar="FOLDER", help="files not carried over, not the index")
    comparing = actions.add_parser("compare", help="two model files level by level, and whom a shadow would change")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    listing = actions.add_parser("models", help="the model in force, and every one before it")
    sampling = actions.add_parser("sample", help="put joined pairs of each weight band to the review, at random")
    sampling.add_argument("--per-band", type=int, default=50)
    sampling.add_argument("--seed", default="", help="another seed draws other pairs")
    judging = actions.add_parser("precision", help="precision of each weight band, from what officers said of samples")
    drifting = actions.add_parser("drift", help="sources whose records agree otherwise than in an earlier span")
    drifting.add_argument("--before", required=True, metavar="FROM..TO", help="days, both included")
    drifting.add_argument("--after", required=True, metavar="FROM..TO")
    for action, run in (
        (training, _train), (evaluating, _evaluate), (comparing, _compare), (listing, _models), (sampling, _sample),
        (judging, _precision), (drifting, _drift),
    ):  # fmt: skip
        add_json_option(action)
        action.set_defaults(run=run)


def _train(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, progress_bars() as progress:
        trained = train_model(
            surroundings(opened), opened.environment.home, base=in_force(opened), now=now(), progress=progress
        )
    talk.print(f"model {trained.model.version}, written to {trained.path}", markup=False)
    if options.json:
        print_json({"model": trained.model.version, "print": print_of(trained.model), "file": str(trained.path),
                    "made": trained.made})  # fmt: skip


def _evaluate(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        model = read_model_file(options.model) if options.model else in_force(opened)
        with progress_bars() as progress:
            figures = evaluate_model(
                surroundings(opened), options.truth, model, delivery=options.delivery, now=now(), progress=progress
            )
    for name, value in figures.items():
        if name != "by_fault":
            talk.print(f"{name}: {value}", markup=False)
    if options.json:
        print_json(figures)


def _table_of(pairs: Iterable[LevelPair], which: str) -> Table:
    table = Table(title=f"{which}: weights in bits, * moved by {MOVED_BITS:g} or more")
    for column in ("attribute", "level", "before", "after", ""):
        table.add_column(column)
    for pair in pairs:
        weights = ("–" if weight is None else f"{weight:+.2f}" for weight in (pair.weight_before, pair.weight_after))
        table.add_row(pair.comparison, pair.level, *weights, "*" if pair.has_moved else "")
    return table


def _compare(options: argparse.Namespace) -> None:
    before, after = read_model_file(options.before), read_model_file(options.after)
    pairs = side_by_side(before, after)
    talk.print(_table_of(pairs, f"{before.version} and {after.version}"))
    shadow = _newest_shadow_of(print_of(after))
    if shadow is None:
        talk.print(
            "no shadow was made with the second model: `pccovid linkage shadow make --model FILE` says who changes"
        )
    else:
        talk.print(f"shadow {shadow.id}: {shadow.counts.get('persons_changed', '?')} people would change")
    if options.json:
        print_json({
            "before": before.version, "after": after.version, "levels": [pair._asdict() for pair in pairs],
            "moved": sum(pair.has_moved for pair in pairs), "shadow": None if shadow is None else as_report(shadow),
        })  # fmt: skip


def _newest_shadow_of(model_print: str) -> queries.ShadowLine | None:
    with session(JOBS), reading("compare models"):
        return queries.newest_of_model(model_print)


def _models(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS)) as connection:
        model, changes = model_in_force(connection), history(connection)
    talk.print(f"in force: {model.version} ({print_of(model)[:12]})", markup=False)
    for change in changes:
        talk.print(f"  {change.since:%Y-%m-%d %H:%M} {change.version or 'as shipped'}, shadow {change.shadow},"
                   f" {change.by}", markup=False)  # fmt: skip
    if options.json:
        print_json({"in_force": model.version, "print": print_of(model), "trained_on": model.trained_on,
                    "history": [asdict(change) for change in changes]})  # fmt: skip


def _sample(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS)) as connection:
        open_relinking(connection, "sample joined pairs")
        drawn = draw_sample(connection, per_band=options.per_band, seed=options.seed)
    talk.print(f"{drawn:,} pairs now wait in the review")
    if options.json:
        print_json({"drawn": drawn})


def _precision(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS)) as connection:
        open_relinking(connection, "precision by band")
        bands = precision_by_band(connection)
    table = Table(title="Precision of joins by weight, 95 % interval (Wilson)")
    for column in ("bits", "sampled", "judged", "right", "precision", "interval"):
        table.add_column(column)
    for band in bands:
        share = "–" if band.precision is None else f"{band.precision:.4f}"
        low, high = band.interval
        ends = (f"{end:g}" if end is not None else "" for end in (band.low, band.high))
        table.add_row(
            "…".join(ends), str(band.sampled), str(band.judged), str(band.right), share, f"{low:.4f}–{high:.4f}"
        )
    talk.print(table)
    if options.json:
        print_json({"bands": [band.as_json() for band in bands]})


def _drift(options: argparse.Namespace) -> int:
    before, after = _span(options.before), _span(options.after)
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS)) as connection:
        open_relinking(connection, "drift of agreement")
        lines = drift_between(connection, before, after)
    drifted = [line for line in lines if line.found.has_drifted]
    _tell_drift(lines)
    if options.json:
        print_json({"limit": DRIFT_LIMIT._asdict(), "drifted": len(drifted), "lines": [one.as_json() for one in lines]})
    return 1 if drifted else 0


def _tell_drift(lines: tuple[AttributeDrift, ...]) -> None:
    table = Table(title="Agreement of each source, before and after")
    for column in ("source", "attribute", "rows", "chi²", "V", ""):
        table.add_column(column)
    said = {True: "drifted", False: "", None: "too few"}
    for line in lines:
        found = line.found
        table.add_row(
            line.system, line.attribute, f"{found.rows_before:,} / {found.rows_after:,}", f"{found.chi_squared:.1f}",
            f"{found.effect:.3f}", said[found.has_drifted],
        )  # fmt: skip
    talk.print(table)


def _span(text: str) -> tuple[datetime, datetime]:
    """FROM..TO, both days included → from the first moment to the end, not included. Raises NotASpan."""
    try:
        first, last = (date.fromisoformat(part) for part in text.split(".."))
        end = date.fromordinal(last.toordinal() + 1)
    except (ValueError, OverflowError) as error:
        raise NotASpan(f"{text}: a span is written like 2021-09-01..2021-09-30") from error
    if last < first:
        raise NotASpan(f"{text}: the first day comes after the last")
    return datetime.combine(first, time(), VIET_NAM), datetime.combine(end, time(), VIET_NAM)

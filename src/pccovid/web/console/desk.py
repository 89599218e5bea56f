"""The officer at the desk: who is signed in, acting in which office, on which case; and the door to personal rows.

A session begins with password and second factor, belongs to one browser, and ends after 15 idle minutes and after
eight hours at the latest. From another network the second factor is asked again. Every request asks the database anew
which offices are in force and whether the account was signed out everywhere, so a dismissed officer is out at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pccovid.agreements.rules import APPROVER, STEWARD
from pccovid.bulk_export.rules import APPROVERS
from pccovid.bulk_export.rules import PURPOSES as EXPORTS
from pccovid.foundation import access
from pccovid.foundation.purposes import ABOUT_NOBODY, rules
from pccovid.officers.factors import standing_of
from pccovid.officers.offices import (
    COMMUNE_POLICE,
    DATA_PROTECTION,
    HEALTH_STATION,
    INSPECTOR,
    OFFICES,
    QUARANTINE_OFFICER,
    TRACER,
)
from pccovid.officers.queries import Appointment, appointments_of
from pccovid.officers.sign_in import Proven, SignInRefused, open_session
from pccovid.rights.rules import ROLES
from pccovid.web.console import half_signed_in
from pccovid.web.console.half_signed_in import HalfSignedIn, browser_of, network_of
from pccovid.web.console.menu import MENU, Entry

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
EXPORT_OFFICES = frozenset({*APPROVERS, INSPECTOR, *(role for one in EXPORTS.values() for role in one.askers)})
AGREEMENT_OFFICES = (STEWARD, APPROVER, INSPECTOR)
LOOP_OFFICES = (STEWARD, INSPECTOR)
REQUEST_OFFICES = (*ROLES, INSPECTOR)
BY_REQUEST, BY_CORRECTION = "rights", "correction"
"""Purposes that only a person's own request or report opens, for that person alone; nobody searches under them."""
_KEY = "officer"
_JUST = timedelta(minutes=10)
_NOTED_EVERY = timedelta(minutes=1)

Rest = ParamSpec("Rest")


@dataclass(frozen=True)
class Task:
    """What the officer is reading for: a purpose of the rules and a case or file reference."""

    purpose: str
    case: str


@dataclass(frozen=True)
class Desk:
    """The signed-in officer in one of their offices."""

    account: int
    name: str
    appointment: Appointment
    appointments: tuple[Appointment, ...]
    task: Task | None

    @property
    def role(self) -> str:
        return self.appointment.role

    @property
    def menu(self) -> tuple[Entry, ...]:
        """The desks that the office works at, in the order of their tabs."""
        return tuple(one for one in MENU if self.role in one.roles or (one.trait and getattr(self, one.trait)))

    @property
    def has_exports(self) -> bool:
        """Whether the office asks for exports, approves them, or watches over them."""
        return self.role in EXPORT_OFFICES

    @property
    def has_agreements(self) -> bool:
        """Whether the office asks for agreements with agencies, grants them, or watches over them."""
        return self.role in AGREEMENT_OFFICES

    @property
    def has_loop(self) -> bool:
        """Whether the office watches how specimens and doses come in."""
        return self.role in LOOP_OFFICES

    @property
    def has_breaches(self) -> bool:
        """Whether the office keeps the register of breaches: data protection of the whole country, and inspectors."""
        return self.role == INSPECTOR or (self.role == DATA_PROTECTION and self.appointment.area is None)

    @property
    def answers_requests(self) -> bool:
        """Whether the office answers what persons ask about their data, or decides where they object to the answer."""
        return self.role in REQUEST_OFFICES

    @property
    def keeps_places(self) -> bool:
        """Whether the office keeps the register of places of its area."""
        return self.role in (COMMUNE_POLICE, HEALTH_STATION)

    @property
    def keeps_orders(self) -> bool:
        """Whether the office keeps orders of quarantine."""
        return self.role in (TRACER, QUARANTINE_OFFICER)

    @property
    def reads_people(self) -> bool:
        """Whether the office has any purpose of reading personal rows."""
        return self.role in offices_that_read()

    def everybody_in_reach(self) -> access.Scope:
        """All persons of the office's area; everybody for a national one."""
        return access.area(self.appointment.area) if self.appointment.area else access.everybody()

    def only(self, *persons: UUID) -> access.Scope:
        """These persons, as far as they live in the office's area."""
        return access.persons(*persons, within=self.appointment.area)

    def of_the_case(self) -> access.Scope:
        """The people of the task's case, wherever they live, as far as the office has to do with them."""
        return access.people_of_case(within=self.appointment.area)

    @contextmanager
    def reading(self, task: Task, scope: access.Scope) -> Iterator[access.Disclosures]:
        """Open access for the task. Raises AccessRefused; a page must not be refused inside, or the log loses it."""
        with access.open(
            access.officer(self.account, self.role),
            purpose=task.purpose,
            legal_basis=_legal_basis(task.purpose, self.role),
            scope=scope,
            case=task.case,
        ) as disclosures:
            yield disclosures


View = Callable[Concatenate[HttpRequest, Desk, Rest], HttpResponse]
Page = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def begin(request: HttpRequest, proven: Proven) -> None:
    """Open the proven officer's session, in the first of their offices. Raises SignInRefused."""
    standing = standing_of(int(proven.user.pk))
    if standing is None:
        raise SignInRefused
    open_session(request, proven)
    now = timezone.now().timestamp()
    request.session[_KEY] = {
        "since": now, "seen": now, "browser": browser_of(request), "network": network_of(request),
        "epoch": standing.epoch, "factor": proven.factors[-1], "appointment": proven.appointments[0].id, "task": None,
    }  # fmt: skip
    request.session.set_expiry(int(LONGEST.total_seconds()))


def end(request: HttpRequest) -> None:
    """Forget the officer and everything the session held."""
    request.session.flush()


def act_in(request: HttpRequest, appointment: int) -> None:
    """Change to another office; the case at hand does not come along."""
    request.session[_KEY] = {**request.session[_KEY], "appointment": appointment, "task": None}


def take_up(request: HttpRequest, task: Task) -> None:
    """Remember the case, so that the pages that follow are read for it."""
    request.session[_KEY] = {**request.session[_KEY], "task": [task.purpose, task.case]}


def has_just_proven(request: HttpRequest, now: datetime) -> bool:
    """Whether this session showed its second factor within the last ten minutes."""
    return bool(now.timestamp() - request.session[_KEY]["since"] <= _JUST.total_seconds())


def ask_factor_again(request: HttpRequest, *, then: str) -> None:
    """Put the officer back between password and second factor; `then` names the page to go on to."""
    user = request.user
    assert isinstance(user, User)
    half = HalfSignedIn(user.pk, user.username, user.first_name or user.username, then)
    half_signed_in.begin(request, half, now=timezone.now())


def desk_page(*roles: str) -> Callable[[View[Rest]], Page[Rest]]:
    """A page only for officers, and only in one of `roles`; everybody else is sent to sign in or refused."""

    def guard(view: View[Rest]) -> Page[Rest]:
        @wraps(view)
        def page(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            desk = _desk_of(request, timezone.now())
            if desk is None:
                return redirect("console-sign-in")
            if desk.role not in roles:
                return refused(request, desk)
            try:
                return view(request, desk, *args, **kwargs)
            except access.AccessRefused:
                return refused(request, desk)

        page.desk_roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the sweep over all addresses
        return page  # type: ignore[return-value]  # wraps gives a callable class of the same call

    return guard


def refused(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page that says this office may not."""
    return render(request, "console/refused.html", {"desk": desk}, status=403)


def not_in_sight(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One answer for what does not exist and for what lies outside the office's area: which of them is not said."""
    return render(request, "console/not_in_sight.html", {"desk": desk}, status=404)


def purposes_of(role: str) -> tuple[str, ...]:
    """The purposes an office may read for of its own accord, from the one table of rules."""
    own = [rule.purpose for rule in rules() if (rule.actor_kind, rule.role) == ("officer", role)]
    return tuple(purpose for purpose in dict.fromkeys(own) if purpose not in (BY_REQUEST, BY_CORRECTION))


def categories_of(role: str, purpose: str) -> frozenset[str]:
    """What an office may read for a purpose."""
    return frozenset(
        rule.category for rule in rules() if (rule.actor_kind, rule.role, rule.purpose) == ("officer", role, purpose)
    )


def offices_that_read() -> tuple[str, ...]:
    """The offices that may read records of persons; who inspects reading sees only the log of it."""
    nobody = set(ABOUT_NOBODY)
    return tuple(role for role in OFFICES if any(categories_of(role, one) - nobody for one in purposes_of(role)))


def _legal_basis(purpose: str, role: str) -> str:
    """The rule's own legal basis; what no rule allows gets none, and the database refuses it."""
    bases = [
        rule.legal_basis for rule in rules() if (rule.actor_kind, rule.role, rule.purpose) == ("officer", role, purpose)
    ]
    return bases[0] if bases else ""


def _desk_of(request: HttpRequest, now: datetime) -> Desk | None:
    held = request.session.get(_KEY)
    if held is None:
        return None
    user, appointments = request.user, _appointments_in_force(request, held, now)
    if not appointments:
        end(request)
        return None
    assert isinstance(user, User)
    if held.get("network") != network_of(request):
        ask_factor_again(request, then="console-home")
        return None
    if now.timestamp() - held["seen"] > _NOTED_EVERY.total_seconds():
        request.session[_KEY] = {**held, "seen": now.timestamp()}
    chosen, task = _chosen(held, appointments)
    return Desk(user.pk, user.first_name or user.username, chosen, appointments, task)


def _chosen(held: dict[str, Any], appointments: tuple[Appointment, ...]) -> tuple[Appointment, Task | None]:
    """The office that the officer sits in, and the case at hand, which belongs to the office it was opened in."""
    for one in appointments:
        if one.id == held["appointment"]:
            return one, Task(*held["task"]) if held["task"] else None
    return appointments[0], None


def _appointments_in_force(
    request: HttpRequest, held: dict[str, Any], now: datetime
) -> tuple[Appointment, ...]:  # fmt: skip
    """What the officer of this session may sit at the desk by; nothing where the session holds no longer."""
    user = request.user
    if not isinstance(user, User) or not user.is_active or not _is_fresh(held, request, now):
        return ()
    standing = standing_of(user.pk)
    return appointments_of(user.pk) if standing is not None and standing.epoch == held.get("epoch") else ()


def _is_fresh(held: dict[str, object], request: HttpRequest, now: datetime) -> bool:
    since, seen = float(str(held["since"])), float(str(held["seen"]))
    return (
        now.timestamp() - seen <= IDLE.total_seconds()
        and now.timestamp() - since <= LONGEST.total_seconds()
        and held["browser"] == browser_of(request)
    )

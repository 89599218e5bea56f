"""What changed reaches every agency that is entitled to it, in order, once each agency has asked, and no other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from integration.exchange.agencies import Agency, bundle, dose, national, patient, test_result
from integration.exchange.conftest import Exchange


class Follower:
    """An agency that follows its feed from now on."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        self._take(agency.get("$changes", _since="now"))

    def news(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(method, type/id, resource) of what is new, in order."""
        found = []
        while True:
            answer = self.agency.client.get(self.next, headers=self.agency._headers())
            page = self._take(answer)
            found += [(one["request"]["method"], one["request"]["url"], one.get("resource", {})) for one in page]
            if answer.headers["X-Feed-More"] == "false":
                return found

    def _take(self, answer: Any) -> list[dict[str, Any]]:
        assert answer.status_code == 200, answer.content.decode()
        self.next = {link["relation"]: link["url"] for link in answer.json()["link"]}["next"]
        entries: list[dict[str, Any]] = answer.json().get("entry", [])
        return entries


@pytest.fixture(scope="module")
def registry(exchange: Exchange) -> Agency:
    """Another agency, which only reads doses and who they are of."""
    return exchange.agency(
        agency="tiem-chung-thu", name="Hệ thống tiêm chủng Thử", standing="authority",
        categories=["identity", "vaccination"], written=["vaccination", "identity"],
    )  # fmt: skip


_DOSE = (
    "INSERT INTO vaccination_dose (id, person_id, record_id, source_record_id, source_system, provenance, recorded_at,"
    " product) SELECT %s, id, %s, %s, 'sskdt', 'facility', now(), 'Pfizer' FROM people_person"
    " WHERE merged_into_id IS NULL ORDER BY created_at DESC LIMIT 1"
)


def send(agency: Agency, *resources: dict[str, Any]) -> list[str]:
    answer = agency.post("", bundle(*resources))
    assert answer.status_code == 200, answer.content.decode()
    return [one["response"]["location"].split("/_history")[0] for one in answer.json()["entry"]]


def test_a_fact_of_one_agency_comes_in_anothers_feed_and_in_the_citizens_own_record(
    hospital: Agency, registry: Agency
) -> None:
    from pccovid.foundation.access import citizen, open, own
    from pccovid.foundation.purposes import OWN_RIGHT
    from pccovid.vaccination.queries import own_doses
    from pccovid.web.words import source_name

    follower = Follower(registry)
    person, given, tested = send(
        hospital, patient("FA", birthDate="1951-02-03"), dose("FA", "urn:uuid:1"), test_result("FA", "urn:uuid:1")
    )
    news = {url: resource for _, url, resource in follower.news()}
    assert given in news
    assert person in news
    assert tested not in news, "no agreement covers tests"
    assert news[given]["patient"] == {"reference": person}
    assert follower.news() == []
    number = UUID(person.split("/")[1])
    with open(citizen(number), purpose="own_record", legal_basis=OWN_RIGHT, scope=own(number)):
        (shown,) = own_doses(number)
    assert (source_name(shown.origin.system), shown.origin.provenance) == ("Bệnh viện Thử", "facility")


def test_a_correction_comes_as_the_old_fact_in_error_and_the_new_one(hospital: Agency, registry: Agency) -> None:
    message = bundle(patient("FB", birthDate="1952-02-03"), dose("FB", "urn:uuid:1"))
    old = hospital.post("", message).json()["entry"][1]["response"]["location"].split("/_history")[0]
    follower = Follower(registry)
    message["entry"][1]["resource"]["lotNumber"] = "CORRECTED"
    new = hospital.post("", message).json()["entry"][1]["response"]["location"].split("/_history")[0]
    news = {url: resource for _, url, resource in follower.news()}
    assert (news[old]["status"], news[new]["status"]) == ("entered-in-error", "completed")
    assert news[new]["lotNumber"] == "CORRECTED"


def test_a_merge_comes_as_a_link_to_the_person_who_stands(
    hospital: Agency, registry: Agency, exchange: Exchange
) -> None:
    from pccovid.foundation.access import open_for_job
    from pccovid.foundation.purposes import EPIDEMIC_LAW
    from pccovid.people.operations import merge_people

    (kept,) = send(hospital, patient("FC", birthDate="1953-02-03"))
    absorbed, given = send(
        hospital, patient("FD", birthDate="1954-02-03", name=[{"text": "Lê Người Khác"}]), dose("FD", "urn:uuid:1")
    )
    follower = Follower(registry)
    with exchange.made.connect("jobs") as jobs, jobs.transaction():
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis=EPIDEMIC_LAW)
        merge_people(
            jobs, kept=UUID(kept.split("/")[1]), absorbed=UUID(absorbed.split("/")[1]), reason="test", by="test",
            now=datetime.now(UTC),
        )  # fmt: skip
    news = {url: resource for _, url, resource in follower.news()}
    assert news[absorbed]["link"] == [{"other": {"reference": kept}, "type": "replaced-by"}]
    assert news[absorbed]["active"] is False
    assert news[given]["patient"] == {"reference": kept}


def test_whoever_lives_elsewhere_is_in_no_local_feed_and_a_fact_that_leaves_is_taken_back(
    exchange: Exchange, hospital: Agency
) -> None:
    here, there = ("01", "00001"), ("79", "27259")
    local = exchange.agency(agency="cdc-dia-phuong", name="CDC địa phương Thử", area=here[0])
    follower = Follower(local)

    def living(number: str, commune: str, **changed: Any) -> dict[str, Any]:
        area = {"url": "https://pccovid.invalid/fhir/StructureDefinition/area",
                "extension": [{"url": "commune", "valueCode": commune}]}  # fmt: skip
        return patient(number, address=[{"extension": [area]}], **changed)

    near, dose_near = send(hospital, living("FE", here[1], birthDate="1955-02-03"), dose("FE", "urn:uuid:1"))
    far, dose_far = send(
        hospital, living("FF", there[1], birthDate="1956-02-03", identifier=[
            {"system": "https://benh-vien.thu/ho-so", "value": "FF"}, national("079156000009")]),
        dose("FF", "urn:uuid:1"),
    )  # fmt: skip
    news = [url for _, url, _ in follower.news()]
    assert {near, dose_near} <= set(news)
    assert not {far, dose_far} & set(news)
    exchange.owner.execute("DELETE FROM vaccination_dose WHERE id = %s", [dose_near.split("/")[1]])
    assert ("DELETE", dose_near, {}) in follower.news()


def test_what_is_still_being_written_is_not_read_past(hospital: Agency, registry: Agency, exchange: Exchange) -> None:
    follower = Follower(registry)
    slow, quick = UUID(int=77_001), UUID(int=77_002)
    with exchange.made.connect("owner") as writing:
        writing.execute(_DOSE, [slow] * 3)
        exchange.owner.execute(_DOSE, [quick] * 3)
        assert f"Immunization/{slow}" not in [url for _, url, _ in follower.news()]
        writing.commit()
    seen = [url for _, url, _ in follower.news()]
    assert f"Immunization/{slow}" in seen
    assert f"Immunization/{quick}" in seen


def test_marks_that_are_none_are_refused(hospital: Agency) -> None:
    for mark in ("x", "MQ", "LTEtLTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5LTE", "é"):
        assert hospital.get("$changes", _since=mark).status_code == 400, mark
    assert hospital.get("$changes", _since="now", other="1").status_code == 400


def test_every_person_in_a_feed_is_told_who_was_told(hospital: Agency, registry: Agency, exchange: Exchange) -> None:
    follower = Follower(registry)
    person, _ = send(hospital, patient("FG", birthDate="1957-02-03"), dose("FG", "urn:uuid:1"))
    follower.news()
    told = exchange.owner.execute(
        "SELECT DISTINCT l.office, unnest(d.categories) FROM access.disclosure d JOIN access.log l ON l.id = d.log_id"
        " WHERE d.person_id = %s AND l.actor_kind = 'agency'",
        [person.split("/")[1]],
    ).fetchall()
    assert set(told) >= {("Hệ thống tiêm chủng Thử", "identity"), ("Hệ thống tiêm chủng Thử", "vaccination")}

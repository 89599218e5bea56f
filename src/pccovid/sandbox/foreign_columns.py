"""What other people call the columns of a line list, of contacts and of routes (docs/reference/outbreaks.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from pccovid.sandbox.foreign_moments import is_nothing

# As normalised: small letters and digits alone. The surest come first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "person": (
        "person", "personid", "patientid", "patient", "caseid", "case", "caseno", "casenumber", "pid",
        "participant", "participantid", "individual", "individualid", "subject", "who", "mabn", "mabenhnhan",
        "benhnhan", "macabenh", "visualid", "name", "id", "uid", "uuid", "userid", "user", "stt",
    ),
    "infector": (
        "infector", "infectorid", "infectedby", "infectedbyid", "source", "sourceid", "sourcecase",
        "sourcecaseid", "parent", "primarycase", "infectionsource", "sourceofinfection", "layfrom", "nguonlay",
        "from",
    ),
    "infected": ("infected", "infectee", "infectedid", "target", "secondarycase", "child", "nguoibilay", "to"),
    "other": (
        "other", "contact", "contactid", "contactperson", "person2", "id2", "j", "nguoitiepxuc", "to",
        "infected", "targetpersonvisualid", "targetvisualid", "targetpersonid", "targetuid", "targetperson",
    ),
    "one": (
        "person1", "id1", "i", "from", "infector", "sourcepersonvisualid", "sourcevisualid", "sourcepersonid",
        "sourceuid", "sourceperson",
    ),
    "one_is": ("sourcepersontype", "sourcetype"),
    "other_is": ("targetpersontype", "targettype"),
    "case_met": ("sourcecaseuuid", "sourcecaseid", "sourcecase"),
    "contact_is": ("contactclassification", "contactstatus", "contactproximity", "lastcontactdate"),
    "became": ("resultingcaseuuid", "resultingcaseid", "resultingcase"),
    "onset": (
        "onset", "onsetdate", "dateonset", "dateofonset", "dtonset", "symptomonset", "symptomonsetdate",
        "dateofsymptomonset", "symptomsonset", "symptomsonsetdate", "reportedonsetdate", "ngaykhoiphat", "khoiphat",
    ),
    "collected": (
        "collectedat", "collected", "specimendate", "sampledate", "samplecollectiondate", "collectiondate",
        "datecollected", "dateofsample", "dateofsampling", "testdate", "datetested", "datetest", "ngaylaymau",
        "laymau",
    ),
    "resulted": (
        "resultedat", "resultdate", "confirmeddate", "dateconfirmed", "confirmationdate", "dateconfirmation",
        "dateofconfirmation", "dtdiag", "dateofreporting", "dateofreport",
        "diagnosed", "dateofdiagnosis", "diagnosisdate", "dtreport", "datereport", "datereported", "reportdate",
        "reportingdate", "notificationdate", "ngaycongbo", "ngayduongtinh", "date",
    ),
    "result": ("result", "testresult", "caseclassification", "classification", "casestatus", "status", "ketqua"),
    "household": ("household", "householdid", "hh", "hhid", "family", "familyid", "hogiadinh", "maho"),
    "place": (
        "place", "placeid", "location", "locationid", "venue", "venueid", "site", "facility", "poi", "address",
        "diadiem", "noiden",
    ),
    "latitude": ("latitude", "lat", "vido"),
    "longitude": ("longitude", "lon", "lng", "long", "kinhdo"),
    "entered": (
        "enteredat", "entered", "checkin", "checkinat", "start", "startedat", "starttime", "arrival", "arrived",
        "arrivedat", "timein", "begin", "from", "giovao", "datetime", "timestamp", "time", "date", "day",
        "visitdate", "ngay", "t",
    ),
    "left": (
        "leftat", "left", "checkout", "checkoutat", "end", "endedat", "endtime", "departure", "departed",
        "timeout", "until", "to", "giora",
    ),
    "vehicle": (
        "vehicle", "vehiclenumber", "flight", "flightnumber", "flightno", "train", "bus", "plate", "chuyenbay",
        "bienso",
    ),
    "seat": ("seat", "seatnumber", "soghe", "ghe"),
    "departed": ("departedat", "departed", "departure", "departuretime", "datetime", "date", "day", "ngaydi"),
    "day": ("day", "date", "contactdate", "dateofcontact", "lastcontact", "lastcontactdate", "dateoflastcontact",
            "dateoffirstcontact", "ngaytiepxuc", "t"),
    "layer": (
        "layer", "setting", "exposure", "type", "relation", "relationship", "contacttype", "infectioncase",
        "relationtocase", "contactproximity", "quanhe", "source",
    ),
    "infected_on": ("infectedon", "infectiondate", "dateinfected", "dateofinfection", "exposuredate", "ngaylay"),
}  # fmt: skip
PAIRS = re.compile("trans|infect|pair|chain|tree|lay")
"""In a file's name: two persons of a row are infector and infected, where their columns do not say."""


CONTACT_OF_ROW = re.compile(r"contact(\d+)(?:id)?")
"""A column of a line list that names somebody met, by number; its day stands in that of the number and `date`."""


def normal(header: str) -> str:
    """'Ngày khởi phát' → 'ngaykhoiphat', 'infected_by' → 'infectedby'."""
    plain = unicodedata.normalize("NFD", header.strip().lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", plain)


class Columns:
    """Where a file holds what: concept → its column, as this file calls it."""

    def __init__(self, headers: Iterable[str]) -> None:
        self._own = {normal(one): one for one in headers if one}

    def of(self, concept: str, *apart: str) -> str | None:
        """The column of a concept, or None. `apart`: columns that are something else here."""
        return next(
            (self._own[name] for name in NAMES[concept] if name in self._own and self._own[name] not in apart), None
        )

    def has(self, *concepts: str) -> bool:
        return all(self.of(one) for one in concepts)

    def of_contacts(self) -> list[tuple[str, str | None]]:
        """Columns that name somebody met each, and where the day of it stands."""
        return [
            (own, self._own.get(f"contact{match[1]}date"))
            for name, own in self._own.items() if (match := CONTACT_OF_ROW.fullmatch(name))
        ]  # fmt: skip


def is_captions(row: Mapping[str, str | None]) -> bool:
    """A second line of headers, in words, below the first: names of columns where what they hold should stand."""
    known = {name for names in NAMES.values() for name in names}
    told = [normal(text) for text in row.values() if isinstance(text, str) and text.strip()]
    return len(told) > 1 and not any(re.search(r"\d", one) for one in told) and sum(one in known for one in told) > 1


def value(row: Mapping[str, str | None], column: str | None) -> str:
    """What stands there; '' where there is no such column, or nothing is known."""
    text = (row.get(column) or "").strip() if column else ""
    return "" if is_nothing(text) else text

"""Rows of test sampling: specimens, single and pooled, with their results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pccovid.sandbox.drawing import Weighted
from pccovid.sandbox.telling import Row, Style, Subject
from pccovid.sandbox.writing import Period, stamp

_PERIOD = Period("2021-05-01", "2021-10-31")
_TENT = {
    coding: Style("name birth id", "desk", "slash", coding, id_optional=True) for coding in ("word", "letter", "number")
}
_RESULTS = Weighted((("negative", 91), ("positive", 3), ("inconclusive", 1), ("", 5)))
_POOLED_SHARE = 0.4


def samples(subject: Subject, pool: Pool) -> Iterator[Row]:
    """One to four specimens; pooled ones share a tube of `pool`."""
    for _ in range(subject.rng.choice((1, 1, 1, 2, 2, 3, 4))):
        yield sample(subject, pool)


class Pool:
    """The tubes of one sampling team: a pooled tube takes people until it holds ten, then the next is opened."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._opened = 0
        self._inside = 0
        self._result = "negative"

    def single(self) -> str:
        """The barcode of a new tube for one person."""
        self._opened += 1
        return f"MX{self._block:05d}{self._opened:05d}"

    def shared(self, subject: Subject) -> tuple[str, str]:
        """(barcode, result) of the pooled tube in use; everybody in it has the tube's result."""
        if self._inside % 10 == 0:
            self._tube, self._result = self.single(), _RESULTS.pick(subject.rng)
        self._inside += 1
        return self._tube, self._result


def sample(subject: Subject, pool: Pool) -> Row:
    """One specimen of the subject."""
    person, rng = subject.person, subject.rng
    said, key = subject.say(_TENT[rng.choice(("word", "word", "letter", "number"))]), subject.key()
    at, method = _PERIOD.moment(rng), "antigen" if rng.random() < 0.45 else "pcr"
    pooled = method == "pcr" and rng.random() < _POOLED_SHARE
    tube, result = pool.shared(subject) if pooled else (pool.single(), _RESULTS.pick(rng))
    values: dict[str, object] = {
        "sampleId": key,
        "tubeBarcode": tube,
        "pooled": "1" if pooled else "0",
        "collectedAt": stamp(at),
        "siteName": f"Điểm lấy mẫu số {rng.randrange(1, 9)} - {person.home.name}",
        "fullName": said.name,
        "dob": said.birth,
        "sex": said.sex,
        "phone": said.phone,
        "idNumber": said.id,
        "communeCode": person.home.code if rng.random() < 0.9 else "",
        "method": method,
        "result": result,
        "ctValue": f"{14 + rng.random() * 22:.1f}" if result == "positive" and method == "pcr" else "",
        "resultAt": stamp(at + timedelta(hours=rng.randrange(1, 60))) if result else "",
        "labName": f"Phòng xét nghiệm mẫu số {1 + int(person.home.province) % 12}" if method == "pcr" else "",
    }
    return Row("sampling", values, (subject.mark(key, said.fault),))

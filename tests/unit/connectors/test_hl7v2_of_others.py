"""HL7 v2 as laboratories of other make write it: separators, charsets, zones, kinds of values, batches, pools."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pccovid.connectors.hl7v2.messages import MessageIsWrong, batch_control, batched, decoded, header_of, read_message
from pccovid.connectors.hl7v2.results import read_results
from pccovid.connectors.result_words import coded_result
from pccovid.exchange.laboratories import answered_batch

POSITIVE, NEGATIVE = "260373001", "260415000"
HEAD = "MSH|^~\\&|LIS|PXN|HUB|P|20211021200000||ORU^R01^ORU_R01|K1|P|2.5.1||||||UNICODE UTF-8"
PID = "PID|1||N1^^^PXN^MR||Hồ^Thử^Mẫu||19710304|F"
OBR = "OBR|1||O1|94500-6^x^LN|||20211021080000"
OBX = "OBX|1|CWE|94500-6^x^LN||260373001^^SCT||||||F|||20211021080000"


def message(*, head: str = HEAD, pid: str = PID, obr: str = OBR, obx: str = OBX, after: str = "") -> str:
    return "\r".join(filter(None, (head, pid, obr, obx, after)))


def made(text: str | bytes) -> list[dict[str, Any]]:
    octets = text if isinstance(text, bytes) else text.encode()
    return [one.resource for one in read_results(read_message(octets)).made]


def result_of(obx: str) -> str | None:
    value = made(message(obx=obx))[1].get("valueCodeableConcept", {})
    return value["coding"][0]["code"] if "coding" in value else None


@pytest.mark.parametrize("separators", ["|^~\\&", "|^~\\&#", "|^~\\", "|^", "$%!/@", "|@#!*"])
def test_separators_are_the_senders_own_and_the_usual_ones_where_it_leaves_them_out(separators: str) -> None:
    whole = separators[:5] + "|^~\\&"[len(separators[:5]) :]
    text = message().removeprefix("MSH|^~\\&").translate(str.maketrans("|^~\\&", whole))
    octets = f"MSH{separators[0]}{separators[1:]}{text}".encode()
    assert header_of(octets).kind == "ORU^R01^ORU_R01"
    patient, test = made(octets)
    assert patient["name"] == [{"text": "Hồ Mẫu Thử"}]
    assert test["valueCodeableConcept"]["coding"][0]["code"] == POSITIVE


@pytest.mark.parametrize("separators", ["|^^\\&", "||~\\&", "|", "abcde"])
def test_separators_that_cannot_be_told_apart_are_refused(separators: str) -> None:
    text = message().removeprefix("MSH|^~\\&")
    with pytest.raises(MessageIsWrong, match="separators"):
        read_message(f"MSH{separators}{text}".encode())


@pytest.mark.parametrize(("named", "encoding"), [
    ("UNICODE UTF-8", "utf-8"), ("", "utf-8"),
    ("8859/1", "latin-1"), ("8859/15", "iso8859-15"), ("8859/2", "iso8859-2"),
])  # fmt: skip
def test_charsets_are_read_as_they_are_named(named: str, encoding: str) -> None:
    text = message(head=HEAD.replace("UNICODE UTF-8", named), pid=PID.replace("Hồ^Thử^Mẫu", "Hô^Thé"))
    assert made(text.encode(encoding))[0]["name"] == [{"text": "Hô Thé"}]


@pytest.mark.parametrize("octets", [message().encode("utf-16"), message().encode("utf-16-be")])
def test_wide_charsets_are_refused_by_name_and_not_as_damage(octets: bytes) -> None:
    with pytest.raises(MessageIsWrong, match="UTF-16") as wrong:
        decoded(octets)
    assert wrong.value.place == "MSH^1^18"


def test_times_without_a_zone_are_meant_in_that_of_the_message() -> None:
    utc = made(message(head=HEAD.replace("20211021200000", "20211021200000.5+0000")))[1]
    assert utc["effectiveDateTime"] == "2021-10-21T08:00:00+00:00"
    own = made(message(obx=OBX.replace("20211021080000", "20211021080000-0500")))[1]
    assert own["effectiveDateTime"] == "2021-10-21T08:00:00-05:00"
    assert made(message())[1]["effectiveDateTime"] == "2021-10-21T08:00:00+07:00"


@pytest.mark.parametrize(("obx", "code"), [
    ("OBX|1|ST|94500-6^x^LN||Dương tính với SARS-CoV-2||||||F", POSITIVE),
    ("OBX|1|FT|94500-6^x^LN||\\H\\NOT DETECTED\\N\\||||||F", NEGATIVE),
    ("OBX|1|NM|94500-6^x^LN||22.5|Ct||POS|||F", POSITIVE), ("OBX|1|IS|94500-6^x^LN||NEG||||||F", NEGATIVE),
    ("OBX|1|CE|C^x^L^94500-6^y^LN||P^Positive^L||||||F", POSITIVE), ("OBX|1||94500-6^x^LN||Reactive||||||F", POSITIVE),
    ("OBX|1|SN|94500-6^x^LN||>^40||||||F", None), ("OBX|1|ED|94500-6^x^LN||^application^pdf^Base64^JVBE||||||F", None),
    ('OBX|1|CWE|94500-6^x^LN||""||||||F', None), ("OBX|1|ST|94500-6^x^LN||POS~NEG||||||F", None),
])  # fmt: skip
def test_results_of_every_kind_of_value_are_understood_or_none(obx: str, code: str | None) -> None:
    assert result_of(obx) == code


@pytest.mark.parametrize(("words", "code"), [
    ("Âm tính (-)", NEGATIVE), ("(+) Dương tính", POSITIVE), ("SARS-CoV-2 RNA: Not detected", NEGATIVE),
    ("Không phát hiện virus SARS-CoV-2", NEGATIVE), ("DUONG TINH YEU", POSITIVE), ("Negative (CT > 40)", NEGATIVE),
    ("KẾT QUẢ:; ÂM TÍNH", NEGATIVE), ("Dương tính (-)", None), ("not positive", None), ("Positive/Negative", None),
    ("SARS-CoV-2", None), ("", None),
    ("(" * 99, None), ("Mẫu hỏng", None),
])  # fmt: skip
def test_results_in_words_say_one_thing_or_none(words: str, code: str | None) -> None:
    assert coded_result(words) == code


def test_segments_of_others_and_of_the_sender_itself_are_passed_over() -> None:
    odd = "PD1||\rNK1|1|x\rPV1|1|O\rORC|RE|PL5|FI5\rOBR|1|||94500-6^x^LN\rNTE|1||ghi chú \\.br\\ dòng\rTQ1|1"
    (_, test) = made(
        message(obr=odd, after="ZPX|1|của riêng^x\rSPM|1|^T77&LAB||NP|||||||||||||20211021070000|20211021")
    )
    assert test["identifier"][0]["value"] == "FI5/94500-6"
    assert test["contained"][0]["accessionIdentifier"] == {"value": "T77"}


def test_the_number_of_a_repeated_pid_3_and_the_legal_name_are_found_among_others() -> None:
    patient = made(
        message(
            pid="PID|1||^^^^~001188000033^^^VN^NI~N7^^^PXN^MR~||Bí danh^^^^^^A~Đỗ^Thật^Thị^^^^L||19840304073000+0700|F"
        )
    )[0]
    assert [one["value"] for one in patient["identifier"]] == ["N7", "001188000033"]
    assert patient["name"] == [{"text": "Đỗ Thị Thật"}]
    assert patient["birthDate"] == "1984-03-04"


def test_escaped_separators_in_a_name_are_letters_of_it() -> None:
    patient = made(message(pid="PID|1||N8^^^PXN^MR||O\\T\\Brien \\S\\^\\XC490\\inh||19780611|F"))[0]
    assert patient["name"] == [{"text": "O&Brien ^ Đinh"}]


def test_one_order_of_two_patients_is_a_result_of_each() -> None:
    pool = message(after="PID|2||N2^^^PXN^MR||Lê^Bình||19820712|M\r" + OBR + "\r" + OBX.replace(POSITIVE, NEGATIVE))
    names = [one["identifier"][0]["value"] for one in made(pool) if one["resourceType"] == "Observation"]
    assert names == ["O1/94500-6/@N1", "O1/94500-6/@N2"]
    assert made(message())[1]["identifier"][0]["value"] == "O1/94500-6"


def test_a_batch_is_taken_apart_and_answered_as_one() -> None:
    batch = f"FHS|^~\\&|L\rBHS|^~\\&|LIS|PXN|||20211021||||B77\r{message()}\r{message()}\rBTS|2\rFTS|1\r".encode()
    messages = batched(batch)
    assert messages is not None
    assert [header_of(one).control for one in messages] == ["K1", "K1"]
    assert all(len(made(one)) == 2 for one in messages)
    assert batched(message().encode()) is None
    answer = answered_batch(batch, [b"MSH|a\rMSA|AA|K1\r", b"MSH|b\rMSA|AE|K1\r"], datetime(2021, 10, 21, tzinfo=UTC))
    lines = [line.split("|") for line in answer.decode().strip("\r").split("\r")]
    assert (lines[0][0], lines[0][11], lines[-1]) == ("BHS", "B77", ["BTS", "2"])
    assert batch_control(b"BHS|") == ""


@pytest.mark.parametrize("text", [
    f"BHS|^~\\&|L\r{message()}\rBTS|2\r", "BHS|^~\\&|L\rBTS|0\r", "FHS|^~\\&|L\rBHS|^~\\&|L",
])  # fmt: skip
def test_a_batch_that_came_in_part_or_empty_is_refused_whole(text: str) -> None:
    with pytest.raises(MessageIsWrong, match="batch"):
        batched(text.encode())

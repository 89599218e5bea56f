"""Frames, messages, results and answers of HL7 v2, whatever comes: bounded, typed, and never a crash."""

from __future__ import annotations

import codecs
import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pccovid.connectors.hl7v2.answers import Fault, acknowledgement
from pccovid.connectors.hl7v2.framing import MOST_BYTES, FrameIsWrong, Frames, framed
from pccovid.connectors.hl7v2.messages import Header, MessageIsWrong, header_of, read_message, unescaped
from pccovid.connectors.hl7v2.results import read_results

HEAD = "MSH|^~\\&|LIS|PXN-THU|HUB|PCCOVID|20211021200000||ORU^R01^ORU_R01|M1|P|2.5.1||||||UNICODE UTF-8"
PID = "PID|1||HS7^^^PXN-THU^MR~001188000017^^^QG^NI||Đỗ^Nghiệm^Thử||19880229|F|||12 Lê Lợi||0912345678"
OBR = "OBR|1||F1^LIS|94309-2^RT-PCR^LN|||20211021080000"
OBX = "OBX|1|CWE|94309-2^RT-PCR^LN||260373001^Detected^SCT||||||F|||20211021080000|||||20211021200000"


def octets(*segments: str) -> bytes:
    return "\r".join(segments).encode()


def made(*segments: str) -> list[dict[str, object]]:
    return [one.resource for one in read_results(read_message(octets(HEAD, *segments))).made]


def test_a_message_in_pieces_is_one_message_and_two_in_one_piece_are_two() -> None:
    frames, stream = Frames(), framed(b"first") + b"\r\n" + framed(b"second")
    assert [one for at in range(len(stream)) for one in frames.feed(stream[at : at + 1])] == [b"first", b"second"]
    assert list(Frames().feed(stream)) == [b"first", b"second"]


def test_a_frame_that_begins_anew_drops_what_was_cut_off_before_it() -> None:
    frames = Frames()
    assert list(frames.feed(b"\x0bhalf of a mess" + framed(b"whole"))) == [b"whole"]
    assert list(frames.feed(b"\x0bcut")) == []
    frames.closed()
    assert (frames.faults.begun_anew, frames.faults.unfinished) == (1, 1)


def test_what_is_no_mllp_or_too_long_ends_the_stream() -> None:
    with pytest.raises(FrameIsWrong):
        list(Frames().feed(b"GET / HTTP/1.1\r\n" * 400))
    frames = Frames()
    assert list(frames.feed(b"\x0b" + b"x" * MOST_BYTES)) == []
    with pytest.raises(FrameIsWrong):
        list(frames.feed(b"x"))


@given(st.lists(st.binary(max_size=40).filter(lambda one: not {0x0B, 0x1C} & set(one)), max_size=5), st.data())
@settings(max_examples=60, deadline=None)
def test_however_a_stream_is_cut_the_same_messages_come_out(messages: list[bytes], data: st.DataObject) -> None:
    stream, frames, found = b"".join(map(framed, messages)), Frames(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += frames.feed(stream[:size])
        stream = stream[size:]
    assert found == messages


def test_a_result_becomes_a_patient_and_an_observation() -> None:
    patient, test = made(PID, OBR, OBX, "OBX|2|NM|96764-6^Ct^LN||23.4||||||F", "SPM|1|P1^T9")
    assert patient["name"] == [{"text": "Đỗ Thử Nghiệm"}]
    assert patient["identifier"][0]["value"] == "HS7"  # type: ignore[index]
    assert patient["birthDate"] == "1988-02-29"
    assert test["status"] == "final"
    assert test["effectiveDateTime"] == "2021-10-21T08:00:00+07:00"
    assert test["specimen"] == {"reference": "#specimen"}
    assert test["contained"][0]["accessionIdentifier"] == {"value": "T9"}  # type: ignore[index]
    assert test["component"][0]["valueQuantity"] == {"value": 23.4}  # type: ignore[index]
    assert test["valueCodeableConcept"]["coding"][0]["code"] == "260373001"  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "code"),
    [("Dương tính", "260373001"), ("ÂM TÍNH", "260415000"), ("Not  detected", "260415000"), ("POS", "260373001"),
     ("Không xác định", "419984006")],
)  # fmt: skip
def test_results_in_words_are_understood_with_and_without_marks(words: str, code: str) -> None:
    (_, test) = made(PID, OBR, f"OBX|1|ST|94558-4^Ag^LN||{words}||||||F")
    assert test["valueCodeableConcept"]["coding"][0]["code"] == code  # type: ignore[index]


def test_two_patients_of_one_message_keep_their_own_results() -> None:
    first, one, second, other = made(PID, OBR, OBX, PID.replace("HS7", "HS8"), OBR.replace("F1", "F2"), OBX)
    assert (one["subject"], other["subject"]) == ({"reference": "urn:hl7v2:1"}, {"reference": "urn:hl7v2:2"})
    assert first["identifier"] != second["identifier"]
    assert one["identifier"] != other["identifier"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (octets(HEAD, "OBX|1|ST|94309-2^x^LN||POS||||||F"), 100),
        (octets(HEAD, PID, OBR, "OBX|1|NM|6690-2^WBC^LN||7.2||||||F"), 103),
        (octets(HEAD, PID) + b"\x00", 102),
        (octets(HEAD, PID).replace("Đỗ".encode(), b"\xff\xfe"), 102),
        (octets(HEAD.replace("UNICODE UTF-8", "BIG-5"), PID), 103),
        (b"MSH|||||", 100),
        (b"not at all", 100),
        (b"", 100),
        (octets(HEAD, PID + "^" * 30_000), 102),
    ],
)
def test_what_is_no_message_is_named(message: bytes, code: int) -> None:
    with pytest.raises(MessageIsWrong) as refused:
        read_results(read_message(message))
    assert refused.value.code == code


def test_latin_1_is_read_where_the_message_says_so() -> None:
    text = "\r".join((HEAD.replace("UNICODE UTF-8", "8859/1"), "PID|1||X1||Müller^Jörg||1980"))
    assert next(read_message(text.encode("latin-1")).named("PID")).text(5) == "Müller"


def test_escapes_are_read_and_can_blow_nothing_up() -> None:
    assert unescaped("a\\F\\b\\T\\c\\X41\\d\\.br\\e\\Zz\\", "|^~\\&") == "a|b&cAd e"
    assert unescaped("\\.sp999999999\\" * 100, "|^~\\&") == ""


def test_a_megabyte_of_separators_costs_little() -> None:
    begun = time.perf_counter()
    for separator in "|^~&\r":
        with pytest.raises(MessageIsWrong):
            read_message(octets(HEAD, PID + separator * 900_000 + "x"))
    assert time.perf_counter() - begun < 2.0


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_no_message_however_mangled_raises_anything_but_what_is_told(noise: bytes, start: int, length: int) -> None:
    whole = octets(HEAD, PID, OBR, OBX)
    mangled = whole[:start] + noise + whole[start + length :]
    header_of(mangled)
    with contextlib.suppress(MessageIsWrong):
        assert read_results(read_message(mangled)).made


def test_an_answer_names_segment_and_field_and_lets_nothing_of_the_sender_break_it() -> None:
    header = Header("LIS|x", "PXN\rMSA|AA", "M\x1c1", "P", "2.5", "ORU^R01")
    fault = Fault(101, "needed | here", "PID^1^5")
    answer = acknowledgement(header, "AE", [fault], number="N1", at=datetime(2021, 10, 21, tzinfo=UTC)).decode()
    lines = answer.strip("\r").split("\r")
    assert [one[:3] for one in lines] == ["MSH", "MSA", "ERR"]
    assert lines[1] == "MSA|AE|M1"
    assert lines[2].split("|")[2:5] == ["PID^1^5", "101^Required field missing^HL70357", "E"]
    assert read_message(answer.encode()).header.kind == "ACK^R01^ACK"


def read(octets_: bytes) -> list[dict[str, object]]:
    return [one.resource for one in read_results(read_message(octets_)).made]


def test_lines_may_end_as_files_of_any_system_do_and_a_mark_before_utf_8_is_borne_with() -> None:
    whole = octets(HEAD, PID, OBR, OBX)
    assert read(whole) == read(whole.replace(b"\r", b"\n")) == read(whole.replace(b"\r", b"\r\n"))
    assert read(codecs.BOM_UTF8 + whole) == read(whole)
    assert header_of(codecs.BOM_UTF8 + whole.replace(b"\r", b"\n")) == header_of(whole)


def test_other_separators_are_read_where_the_header_names_them() -> None:
    whole = octets(HEAD, PID, OBR, OBX).decode().translate(str.maketrans("|^~\\&", "#*@$%")).encode()
    assert read(whole) == read(octets(HEAD, PID, OBR, OBX))


def test_a_batch_is_told_to_come_as_single_messages() -> None:
    with pytest.raises(MessageIsWrong) as refused:
        read_message(octets("FHS|^~\\&|LIS", "BHS|^~\\&|LIS", HEAD, PID, OBR, OBX, "BTS|1", "FTS|1"))
    assert (refused.value.code, refused.value.place) == (200, "BHS^1")


def test_results_of_one_order_with_the_same_code_are_told_apart_and_one_that_is_there_twice_is_one() -> None:
    other = OBX.replace("OBX|1", "OBX|2").replace("260373001", "260415000")
    found = made(PID, OBR, OBX, OBX.replace("OBX|1", "OBX|2"), other)
    numbers = [one["identifier"][0]["value"] for one in found[1:]]  # type: ignore[index]
    assert len(numbers) == 2
    assert numbers[1] == f"{numbers[0]}/#2"
    assert [one["identifier"][0]["value"] for one in made(PID, OBR, OBX)[1:]] == numbers[:1]  # type: ignore[index]


def test_an_order_without_a_number_has_that_of_its_orc_and_a_patient_that_of_pid_2() -> None:
    bare = OBR.replace("F1^LIS", "")
    (_, first, second) = made(PID, "ORC|RE|P8|F8", bare, OBX, bare.replace("OBR|1", "OBR|2"), OBX)
    assert str(first["identifier"][0]["value"]).startswith("F8/")  # type: ignore[index]
    assert "identifier" not in second, "an ORC is that of the OBR after it alone"
    patient, _ = made("PID|1|HS9^^^PXN|||Đỗ^Nghiệm^Thử||19880229|F", OBR, OBX)
    assert patient["identifier"] == [{"system": "urn:pccovid:hl7v2:PXN:PI", "value": "HS9"}]


def test_values_of_one_result_that_contradict_each_other_are_none_and_their_words_are_told() -> None:
    both = "260373001^Positive^SCT~260415000^Negative^SCT"
    (_, test) = made(PID, OBR, f"OBX|1|CWE|94309-2^x^LN||{both}||||||F")
    assert test["valueCodeableConcept"] == {"text": "Positive; Negative"}
    (_, again) = made(PID, OBR, "OBX|1|CWE|94309-2^x^LN||260373001^P^SCT~260373001^P^SCT||||||F")
    assert again["valueCodeableConcept"]["coding"][0]["code"] == "260373001"  # type: ignore[index]


@pytest.mark.parametrize(
    ("status", "word"),
    [("C", "corrected"), ("X", "cancelled"), ("W", "entered-in-error"), ("D", "entered-in-error"),
     ("P", "preliminary"), ("", "unknown")],
)  # fmt: skip
def test_what_a_result_status_means_is_told(status: str, word: str) -> None:
    (_, test) = made(PID, OBR, f"OBX|1|ST|94309-2^x^LN||POS||||||{status}")
    assert test["status"] == word

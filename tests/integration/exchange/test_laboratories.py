"""HL7 v2 by MLLP inside TLS: a result is written before it is acknowledged, once, for whom the certificate speaks."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.exchange.agencies import SigningKey
from integration.exchange.conftest import Exchange, Rows
from integration.exchange.laboratory import Connection, Laboratory, laboratory, result
from pccovid.connectors.hl7v2.framing import MOST_BYTES, framed

_TESTS = (
    "SELECT result, method, source_system FROM lab_tests_test WHERE superseded_at IS NULL AND person_id = "
    "(SELECT id FROM people_person WHERE name = %s)"
)
_HELD = (
    "SELECT kind FROM people_unplacedrow WHERE system = 'facility.pxn-thu' AND outcome = 'held'"
    " AND resolved_at IS NULL ORDER BY 1"
)


@pytest.fixture(scope="module")
def lab(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with laboratory(exchange, tmp_path_factory.mktemp("lab"), frame_seconds=1.0) as made:
        yield made


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey("k1")


@pytest.fixture(scope="module")
def agreement(exchange: Exchange, key: SigningKey) -> int:
    made = exchange.ask(key, agency="pxn-thu", name="Phòng xét nghiệm Thử", written=["identity", "test"])
    exchange.grant(made)
    return made


@pytest.fixture
def connection(lab: Laboratory, agreement: int, key: SigningKey) -> Iterator[Connection]:
    made = lab.connect(agreement, key)
    yield made
    made.socket.close()


def _refused(plain: socket.socket) -> bool:
    """Whether a connection is closed without an answer of ours."""
    try:
        return not plain.recv(1000).startswith(b"\x0b")
    except OSError:
        return True


def answered(answer: list[list[str]]) -> tuple[str, str]:
    assert [answer[0][0], answer[1][0]] == ["MSH", "MSA"]
    return answer[1][1], answer[1][2]


def test_a_result_is_written_before_it_is_acknowledged_and_a_second_time_is_no_second_fact(
    connection: Connection, rows: Rows
) -> None:
    message = result("C1", "P1", "O1", name="Hồ^Mẫu^Một")
    assert answered(connection.send(message)) == ("AA", "C1")
    assert rows(_TESTS, "Hồ Một Mẫu") == [("positive", "pcr", "facility.pxn-thu")]
    assert answered(connection.send(message)) == ("AA", "C1")
    assert answered(connection.send(message.replace(b"|C1|", b"|C2|"))) == ("AA", "C2")
    assert len(rows(_TESTS, "Hồ Một Mẫu")) == 1
    last = rows("SELECT kind, received, linked, unchanged FROM access.exchange_message ORDER BY id DESC LIMIT 1")
    assert last == [("hl7v2", 2, 2, 2)]


def test_a_corrected_result_takes_the_place_of_the_one_before(connection: Connection, rows: Rows) -> None:
    connection.send(result("C3", "P3", "O3", name="Hồ^Mẫu^Ba"))
    corrected = result("C4", "P3", "O3", name="Hồ^Mẫu^Ba", value="260415000^^SCT").replace(b"||F||", b"||C||")
    assert answered(connection.send(corrected)) == ("AA", "C4")
    assert [row[0] for row in rows(_TESTS, "Hồ Ba Mẫu")] == ["negative"]


def test_what_is_wrong_is_named_by_segment_and_field_and_nothing_is_written(connection: Connection, rows: Rows) -> None:
    before = rows("SELECT count(*) FROM people_recordclaim")
    answer = connection.send(result("C5", "P5", "", name="Hồ^Mẫu^Năm"))
    assert answered(answer) == ("AE", "C5")
    assert (answer[2][2], answer[2][3][:3], answer[2][4]) == ("OBR^1^3", "101", "E")
    answer = connection.send(result("C6", "P6", "O6", born="19711399", name="Hồ^Mẫu^Sáu"))
    assert answered(answer) == ("AE", "C6")
    assert answer[2][2] == "PID^1^7"
    assert rows("SELECT count(*) FROM people_recordclaim") == before
    kept = rows("SELECT reason FROM people_unplacedrow WHERE system = 'facility.pxn-thu' AND outcome = 'rejected'")
    assert kept


def test_whoever_is_doubtful_is_held_and_the_laboratory_is_told(connection: Connection, rows: Rows) -> None:
    answer = connection.send(result("C7", "P7", "O7", name="test"))
    assert answered(answer) == ("AA", "C7")
    assert {line[4] for line in answer[2:]} == {"W"}
    assert rows(_HELD) == [("fhir_observation",), ("fhir_patient",)]
    assert answered(connection.send(result("C8", "P7", "O7", name="Hồ^Mẫu^Bảy"))) == ("AA", "C8")
    assert rows(_HELD) == []
    assert len(rows(_TESTS, "Hồ Bảy Mẫu")) == 1


@pytest.mark.parametrize(
    ("change", "code", "err"),
    [((b"ORU^R01", b"ADT^A01"), "AR", "200"), ((b"|P|2.5.1", b"|T|2.5.1"), "AR", "202"),
     ((b"|2.5.1", b"|3.1"), "AR", "203"), ((b"UNICODE UTF-8", b"BIG-5"), "AR", "103"),
     ((b"PID|1", b"PID|\x00"), "AE", "102"), ((b"Th\xe1\xbb\xad", b"Th\xff\xff"), "AE", "102"),
     ((b"\rPID", b"\rOBX|9|ST|94309-2^x^LN||POS||||||F\rPID"), "AE", "100"),
     ((b"94309-2", b"6690-2"), "AE", "103")],
)  # fmt: skip
def test_what_cannot_be_taken_is_answered_with_its_code(
    connection: Connection, change: tuple[bytes, bytes], code: str, err: str
) -> None:
    answer = connection.send(result("X1", "PX", "OX").replace(*change))
    assert answered(answer) == (code, "X1")
    assert answer[2][3][:3] == err
    assert answered(connection.send(result("X2", "PX", "OX"))) == ("AA", "X2")


def test_pieces_repeated_beginnings_and_noise_between_lose_nothing(connection: Connection) -> None:
    for octet in framed(result("S1", "PS", "OS"))[:-40]:
        connection.socket.sendall(bytes([octet]))
    connection.socket.sendall(framed(result("S2", "PS", "OS")) + b"\r\n" + framed(result("S3", "PS", "OS")))
    assert [answered(connection.answer())[1] for _ in range(2)] == ["S2", "S3"]


def test_what_comes_without_waiting_is_written_by_one_transaction_and_each_is_answered_in_its_order(
    connection: Connection, rows: Rows
) -> None:
    names = ["Lò^Thử^Gấp", "Lò^Thử^Vội", "Lò^Thử^Gấp"]
    sent = [result(f"T{at}", f"T{at % 2}", f"T{at}", name=name) for at, name in enumerate(names)]
    connection.socket.sendall(b"".join(map(framed, sent)))
    assert [answered(connection.answer()) for _ in sent] == [("AA", "T0"), ("AA", "T1"), ("AA", "T2")]
    assert [len(rows(_TESTS, name)) for name in ("Lò Gấp Thử", "Lò Vội Thử")] == [2, 1]
    noted = rows("SELECT received, new, linked, xmin::text FROM access.exchange_message ORDER BY id DESC LIMIT 3")
    assert [counts for *counts, _ in noted] == [[2, 0, 2], [2, 1, 1], [2, 1, 1]]
    assert len({transaction for *_, transaction in noted}) == 1


def test_one_that_is_wrong_among_those_that_came_together_is_refused_alone(connection: Connection, rows: Rows) -> None:
    names = ("Quàng^Thử^Sớm", "Vừ^Thử^Trưa", "Giàng^Thử^Muộn")
    good, wrong, other = (
        result(f"U{at}", f"U{at}", f"U{at}", name=name, born=f"197{at}0{at + 1}09") for at, name in enumerate(names)
    )
    wrong = wrong.replace(b"260373001^^SCT", b"").replace(b"20211021080000", b"khi nao")
    connection.socket.sendall(b"".join(map(framed, (good, wrong, other, b"MSH|no message"))))
    told = [answered(connection.answer()) for _ in range(4)]
    assert told[:3] == [("AA", "U0"), ("AE", "U1"), ("AA", "U2")]
    assert told[3][0] == "AR"
    found = [len(rows(_TESTS, name)) for name in ("Quàng Sớm Thử", "Vừ Trưa Thử", "Giàng Muộn Thử")]
    assert found == [1, 0, 1]


def test_a_frame_without_an_end_ends_the_connection_and_no_other(
    lab: Laboratory, agreement: int, key: SigningKey, connection: Connection
) -> None:
    for wrong in (b"\x0b" + b"x" * (MOST_BYTES + 100), b"GET / HTTP/1.1\r\n" * 500):
        other = lab.connect(agreement, key)
        other.socket.sendall(wrong)
        assert answered(other.answer())[0] == "AR"
        with pytest.raises((EOFError, OSError)):
            other.answer()
    slow = lab.connect(agreement, key)
    slow.socket.sendall(b"\x0bMSH|")
    with pytest.raises((EOFError, OSError)):
        slow.answer()
    assert answered(connection.send(result("F1", "PF", "OF"))) == ("AA", "F1")


def test_many_connections_at_once_each_get_their_own_answer(lab: Laboratory, agreement: int, key: SigningKey) -> None:
    tls = lab.tls(agreement, key)
    many = [Connection(lab.port, tls) for _ in range(30)]
    for number, one in enumerate(many):
        one.socket.sendall(framed(result(f"N{number}", "PN", f"ON{number % 5}", name="Hồ^Mẫu^Nhiều")))
    assert [answered(one.answer()) for one in many] == [("AA", f"N{number}") for number in range(30)]
    for one in many:
        one.socket.close()


def test_without_a_certificate_of_ours_there_is_no_connection(lab: Laboratory) -> None:
    context = ssl.create_default_context(cadata=lab.authority.pem().decode())
    with pytest.raises((OSError, EOFError)):
        Connection(lab.port, context).send(result("Z1", "PZ", "OZ"))
    with socket.create_connection(("127.0.0.1", lab.port), timeout=20) as plain:
        plain.sendall(framed(result("Z2", "PZ", "OZ")))
        assert _refused(plain)


def test_an_agreement_or_a_key_that_ends_is_over_with_the_next_message(exchange: Exchange, lab: Laboratory) -> None:
    key = SigningKey("k1", "RS384")
    made = exchange.ask(key, agency="pxn-hai", name="Phòng xét nghiệm Hai", written=["identity", "test"])
    exchange.grant(made)
    connection = lab.connect(made, key)
    assert answered(connection.send(result("E1", "PE", "OE", name="Hồ^Mẫu^Hết")))[0] == "AA"
    exchange.call("end_agreement", *exchange.steward, made, "hết hạn thử")
    answer = connection.send(result("E2", "PE", "OE2", name="Hồ^Mẫu^Hết"))
    assert answered(answer) == ("AR", "E2")
    assert answer[2][3][:3] == "204"


def test_what_the_agreement_does_not_let_be_sent_is_refused_there_too(exchange: Exchange, lab: Laboratory) -> None:
    key = SigningKey("k1")
    made = exchange.ask(key, agency="pxn-ba", name="Phòng xét nghiệm Ba", written=["vaccination"])
    exchange.grant(made)
    answer = lab.connect(made, key).send(result("G1", "PG", "OG"))
    assert answered(answer) == ("AE", "G1")
    assert answer[2][3][:3] == "204"


def test_the_listener_ends_with_what_it_has_begun(exchange: Exchange, agreement: int, key: SigningKey,
                                                  tmp_path: Path, rows: Rows) -> None:  # fmt: skip
    with laboratory(exchange, tmp_path) as own:
        connection = own.connect(agreement, key)
        connection.socket.sendall(framed(result("L1", "PL", "OL", name="Hồ^Mẫu^Cuối")))
        answer = connection.answer()
    assert answered(answer)[0] == "AA"
    assert len(rows(_TESTS, "Hồ Cuối Mẫu")) == 1

"""The X-Road message protocol for REST, point by point, between our client and a security server in a real process."""

from __future__ import annotations

import hashlib
import http.client
import json
from base64 import b64encode
from collections.abc import Iterator
from uuid import UUID

import pytest

from integration.connectors.agency_process import HOA, AgencyProcess, register_file
from pccovid.connectors.calling import Drifted, Line, NotReached, Refused
from pccovid.connectors.population_database import schema_1
from pccovid.connectors.population_database.client import OUR_SYSTEM, PROVIDER, VERIFY
from pccovid.connectors.population_database.payloads import Question
from pccovid.connectors.xroad.client import Request, XRoadClient
from pccovid.connectors.xroad.hashes import request_hash
from pccovid.connectors.xroad.identifiers import IdentifierIsWrong, MemberId, ServiceId, read_member, read_path

PATH = "/r1/VN/GOV/MPS/population/verify"
CLIENT = {"X-Road-Client": "VN/GOV/MOH/pccovid"}
MODULE = "pccovid.connectors.population_database.sandbox_server"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgencyProcess]:
    started = AgencyProcess(MODULE, register_file(tmp_path_factory.mktemp("register")))
    yield started
    assert started.stop() == 0


def raw(
    server: AgencyProcess, path: str = PATH, headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    """A request exactly as written, past our client."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("POST", path, skip_accept_encoding=True)
    for name, value in (CLIENT if headers is None else headers).items():
        connection.putheader(name, value)
    content = question() if body is None else body
    connection.putheader("Content-Length", str(len(content)))
    connection.endheaders(content)
    answer = connection.getresponse()
    told = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return told


def question(reference: str = "r") -> bytes:
    return json.dumps(schema_1.asked(Question(HOA.personal_id, HOA.name, HOA.birth), reference)).encode()


def client(server: AgencyProcess, member: MemberId = OUR_SYSTEM) -> XRoadClient:
    return XRoadClient(Line(server.url, plain_http=True), member)


def asked(**changed: object) -> Request:
    body = schema_1.asked(Question(HOA.personal_id, HOA.name, HOA.birth), "r")
    return Request(VERIFY, "POST", body=body, **changed)  # type: ignore[arg-type]


def test_1_a_path_encodes_each_part_of_the_service_and_never_the_slashes_between(server: AgencyProcess) -> None:
    service = ServiceId(MemberId("INST", "CLASS", "MEMBER", "SUB"), "BAR/SERVICE")
    assert service.path("/pets/1") == "/r1/INST/CLASS/MEMBER/SUB/BAR%2FSERVICE/pets/1"
    assert read_path(service.path("/pets/1")) == (service, "/pets/1")
    with pytest.raises(IdentifierIsWrong):
        read_path("/r1/INST%2FCLASS%2FMEMBER%2FSUB%2FSERVICE")
    status, headers, _ = raw(server, PATH.replace("VN/GOV", "VN%2FGOV"))
    assert (status, headers["x-road-error"]) == (400, "Client.BadRequest")


def test_2_exactly_one_client_is_named_and_the_case_of_a_header_does_not_matter(server: AgencyProcess) -> None:
    assert raw(server, headers={"x-ROAD-cLiEnT": CLIENT["X-Road-Client"]})[0] == 200
    for wrong in ({}, {**CLIENT, "x-road-client": "VN/GOV/MOH/other"}):
        status, headers, _ = raw(server, headers=wrong)
        assert (status, headers["x-road-error"]) == (400, "Client.BadRequest")
    assert read_member("VN/GOV/MOH") == MemberId("VN", "GOV", "MOH"), "a subsystem may be left out"


def test_3_an_answer_names_the_request_and_its_hash_and_the_provider_sets_none_of_it(server: AgencyProcess) -> None:
    _, headers, _ = raw(server, headers={**CLIENT, "X-Road-Id": "my-own-id"})
    assert headers["x-road-id"] == "my-own-id"
    assert headers["x-road-client"] == "VN/GOV/MOH/pccovid"
    assert headers["x-road-service"] == "VN/GOV/MPS/population/verify"
    assert UUID(headers["x-road-request-id"])
    answer = client(server).ask(asked())
    assert (UUID(answer.request_id), len(answer.request_hash)) == (UUID(answer.request_id), 88)


def test_4_the_hash_is_of_the_head_or_of_both_hashes_where_there_is_a_body(server: AgencyProcess) -> None:
    def sha(content: bytes) -> bytes:
        return hashlib.sha512(content).digest()

    assert request_hash(b"head", None) == b64encode(sha(b"head")).decode()
    assert request_hash(b"head", b"body") == b64encode(sha(sha(b"head") + sha(b"body"))).decode()
    body = question()
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nX-Road-Client: VN/GOV/MOH/pccovid\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    _, headers, _ = raw(server, body=body)
    assert headers["x-road-request-hash"] == b64encode(sha(sha(head.encode()) + sha(body))).decode()


def test_5_a_missing_id_is_made_by_the_security_server(server: AgencyProcess) -> None:
    first, second = (UUID(raw(server)[1]["x-road-id"]) for _ in range(2))
    assert first != second


def test_6_who_asks_and_the_case_are_sent_along_where_they_are_known(server: AgencyProcess) -> None:
    headers = client(server)._headers(asked(user_id="VN001088000001", issue="XM-1"), has_body=True)
    assert (headers["X-Road-UserId"], headers["X-Road-Issue"]) == ("VN001088000001", "XM-1")
    assert not {"X-Road-UserId", "X-Road-Issue"} & client(server)._headers(asked(), has_body=True).keys()


def test_7_json_is_asked_for_and_headers_and_query_pass_as_they_are(server: AgencyProcess) -> None:
    plain = client(server)._headers(asked(), has_body=True)
    assert (plain["Accept"], plain["Content-Type"]) == ("application/json", "application/json")
    own = client(server)._headers(asked(headers={"X-Own": "ü", "Accept": "text/csv", "X-Road-Id": "forged"}),
                                  has_body=False)  # fmt: skip
    assert (own["X-Own"], own["Accept"]) == ("ü", "text/csv")
    assert own["X-Road-Id"] != "forged", "X-Road's own headers are not the service's to set"
    from pccovid.connectors.sandbox_server.http_server import Asked
    from pccovid.connectors.xroad.sandbox_server import SecurityServer

    given = {"x-road-client": ["VN/GOV/MOH/pccovid"], "x-own": ["1"], "host": ["h"], "user-agent": ["u"], "te": ["t"]}
    passed = SecurityServer._passed_on(None, Asked("GET", PATH + "/a?b=%20c&b=2", given, b"", b""))  # type: ignore[arg-type]
    assert passed.query == "b=%20c&b=2"
    assert passed.headers["accept"] == "application/json"
    assert set(passed.headers) == {"x-road-client", "x-own", "accept", "x-road-id"}, "those between two hops stay"


def test_8_a_redirect_is_passed_through_and_not_followed() -> None:
    class Redirecting(Line):
        asked = 0

        def call(self, *_: object, **__: object):  # type: ignore[no-untyped-def]
            from pccovid.connectors.calling import Answer

            self.asked += 1
            return Answer(302, {"location": "http://127.0.0.1:1/"}, b"")

    line = Redirecting("https://127.0.0.1")
    with pytest.raises(Refused, match="not followed"):
        XRoadClient(line, OUR_SYSTEM).ask(asked())
    assert line.asked == 1


def test_9_errors_of_xroad_bear_a_header_of_their_type_and_errors_of_the_provider_do_not(server: AgencyProcess) -> None:
    status, headers, body = raw(server, headers={"X-Road-Client": "VN/GOV/MOH/stranger"})
    told = json.loads(body)
    assert (status, headers["x-road-error"]) == (500, told["type"])
    assert told["type"].startswith("Server.ServerProxy.")
    assert set(told) == {"type", "message", "detail"}
    with pytest.raises(NotReached, match="AccessDenied"):
        client(server, MemberId("VN", "GOV", "MOH", "stranger")).ask(asked())
    status, headers, _ = raw(server, body=b"no json")
    assert status == 400
    assert "x-road-error" not in headers
    assert client(server).ask(Request(VERIFY, "POST", body={"idNumber": 1})).status == 400, "as the provider said it"
    with pytest.raises(Refused, match=r"Client\."):
        client(server, MemberId("VN", "GOV", "MOH", "a_b")).ask(asked())
    with pytest.raises(NotReached, match="UnknownService"):
        client(server).ask(Request(ServiceId(PROVIDER, "none")))


def test_10_identifiers_are_of_the_allowed_characters_alone() -> None:
    allowed = MemberId("VN-2", "GOV.x", "(M')+,=?", "s9")
    assert read_member(allowed.written()) == allowed
    for wrong in ("VN/GOV/M_H", "VN/GOV/M%20H", "VN/GOV/Bộ", "VN/GOV", "VN/GOV/a/b/c", "VN//a", "VN/GOV/a%2Fb"):
        with pytest.raises(IdentifierIsWrong):
            read_member(wrong)


def test_an_answer_to_another_question_is_refused(server: AgencyProcess) -> None:
    class Mixing(Line):
        def call(self, method, path, headers, body=None):  # type: ignore[no-untyped-def]
            return super().call(method, path, {**headers, "X-Road-Id": "of-somebody-else"}, body)

    with pytest.raises(Drifted, match="x-road-id"):
        XRoadClient(Mixing(server.url, plain_http=True), OUR_SYSTEM).ask(asked())

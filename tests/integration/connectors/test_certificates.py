"""Our certificate is shown to a security server that asks for one, and no server but the right one is trusted."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from integration.connectors.agency_process import HOA
from pccovid.connectors.calling import NotReached
from pccovid.connectors.population_database.connecting import certified, population_database
from pccovid.connectors.population_database.payloads import Question
from pccovid.connectors.population_database.sandbox_server import PopulationServer

RIGHT = Question(HOA.personal_id, HOA.name, HOA.birth)


def make_certificate(folder: Path, name: str) -> tuple[str, str]:
    """(certificate, key): self-signed for this machine, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(certificate), str(private)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("server", "ours", "strangers"):
        make_certificate(folder, name)
    return folder


@pytest.fixture(scope="module")
def address(files: Path) -> Iterator[str]:
    """A server that answers only who shows our certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / "server.pem", files / "server.key")
    context.load_verify_locations(files / "ours.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    server = PopulationServer({HOA.personal_id: HOA})
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is no fault
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.url.replace("http:", "https:")
    server.shutdown()
    server.server_close()


def test_who_shows_our_certificate_is_answered_and_nobody_else(files: Path, address: str) -> None:
    def ask(name: str, authority: str) -> str:
        context = certified(*(str(files / f"{name}.{end}") for end in ("pem", "key")), str(files / f"{authority}.pem"))
        police = population_database(address, is_sandbox=False, seconds=5, context=context)
        return police.verify(RIGHT, case="XM-1")[0].code

    assert ask("ours", "server") == "000"
    with pytest.raises(NotReached):
        ask("strangers", "server")
    with pytest.raises(NotReached, match="SSLCertVerificationError"):
        ask("ours", "strangers")
    with pytest.raises(NotReached):
        population_database(address, is_sandbox=False, seconds=5).verify(RIGHT, case="XM-1")

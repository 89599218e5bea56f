"""The population database as an installation reaches it: through its security server, or the sandbox's."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime

from pccovid.connectors.calling import AddressIsWrong, Line
from pccovid.connectors.population_database.client import OUR_SYSTEM, PopulationDatabase
from pccovid.connectors.population_database.schemas import agreed
from pccovid.connectors.xroad.client import XRoadClient

ADDRESS_VARIABLE = "PCCOVID_POPULATION_URL"
SCHEMA_VARIABLE = "PCCOVID_POPULATION_SCHEMA"
"""The version of the payloads that was agreed; without it the newest in force."""


def population_database(
    address: str, *, is_sandbox: bool, seconds: float = 10.0, context: ssl.SSLContext | None = None
) -> PopulationDatabase:
    """The population database behind the security server at an address. Raises AddressIsWrong."""
    line = Line(address, seconds=seconds, plain_http=is_sandbox, context=context)
    return PopulationDatabase(XRoadClient(line, OUR_SYSTEM), _schema())


def _schema() -> int:
    named = os.environ.get(SCHEMA_VARIABLE, "")
    try:
        return agreed(datetime.now(UTC).date(), named=int(named) if named else None)
    except ValueError as error:
        raise AddressIsWrong(f"{SCHEMA_VARIABLE}: {error}") from None


def certified(certificate: str, key: str, authority: str | None = None) -> ssl.SSLContext:
    """TLS with our system's certificate, as X-Road asks of an information system; trusting `authority`, a file, alone
    where it is given. Raises OSError.
    """
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    return context

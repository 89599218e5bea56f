"""The population database as an installation reaches it: through its security server, or the sandbox's."""

from __future__ import annotations

from pccovid.connectors.calling import Line
from pccovid.connectors.population_database.client import OUR_SYSTEM, PopulationDatabase
from pccovid.connectors.xroad.client import XRoadClient

ADDRESS_VARIABLE = "PCCOVID_POPULATION_URL"


def population_database(address: str, *, is_sandbox: bool, seconds: float = 10.0) -> PopulationDatabase:
    """The population database behind the security server at an address. Raises AddressIsWrong."""
    return PopulationDatabase(XRoadClient(Line(address, seconds=seconds, plain_http=is_sandbox), OUR_SYSTEM))

"""The insurer as an installation reaches it: its address and account from the environment, or the sandbox's."""

from __future__ import annotations

from collections.abc import Mapping

from pccovid.connectors.calling import Line
from pccovid.connectors.social_insurance.client import Account, SocialInsurance
from pccovid.connectors.social_insurance.payloads import Officer
from pccovid.connectors.social_insurance.sandbox_server import SANDBOX_ACCOUNT

ADDRESS_VARIABLE, USER_VARIABLE, PASSWORD_VARIABLE, OFFICER_VARIABLE, OFFICER_ID_VARIABLE = (
    "PCCOVID_INSURER_URL", "PCCOVID_INSURER_USER", "PCCOVID_INSURER_PASSWORD", "PCCOVID_INSURER_OFFICER",
    "PCCOVID_INSURER_OFFICER_ID",
)  # fmt: skip
"""Address, account, and the officer in whose name cards are looked up, with their CCCD: the insurer demands one."""


class InsurerIsNotSetUp(RuntimeError):
    """Address, account or officer is not named."""


def social_insurance(address: str, variables: Mapping[str, str], *, is_sandbox: bool) -> SocialInsurance:
    """The insurer at an address. Raises AddressIsWrong, and InsurerIsNotSetUp where the account is not named."""
    user, password = (variables.get(name, "") for name in (USER_VARIABLE, PASSWORD_VARIABLE))
    if not user and not is_sandbox:
        raise InsurerIsNotSetUp(f"name the account with {USER_VARIABLE} and {PASSWORD_VARIABLE}")
    account = Account(user, password) if user else SANDBOX_ACCOUNT
    return SocialInsurance(Line(address, plain_http=is_sandbox), account)


def officer_named(variables: Mapping[str, str], otherwise: str = "") -> Officer:
    """The officer in whose name cards are looked up; `otherwise`: `name|CCCD`. Raises InsurerIsNotSetUp."""
    name, number = (variables.get(one, "") for one in (OFFICER_VARIABLE, OFFICER_ID_VARIABLE))
    if not name and "|" in otherwise:
        name, _, number = otherwise.partition("|")
    if not name or not number:
        raise InsurerIsNotSetUp(f"name the officer with {OFFICER_VARIABLE} and {OFFICER_ID_VARIABLE}")
    return Officer(name, number)

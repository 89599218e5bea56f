"""What must not be there when real people are served: the sandbox's telecom and its made officers."""

from __future__ import annotations

from pccovid.foundation.environment import Environment, EnvironmentIsWrong


def refuse_sandbox_in_production(environment: Environment, message_sender: str) -> None:
    """Stop a production start that carries anything of the sandbox. Raises EnvironmentIsWrong, saying what to do."""
    if environment.is_sandbox:
        return
    if "sandbox" in message_sender.lower():
        raise EnvironmentIsWrong("PCCOVID_MESSAGE_SENDER names the sandbox's page; name the class of a telecom")
    made = environment.home / "secrets" / "officers.json"
    if made.exists():
        raise EnvironmentIsWrong(
            f"{made} holds passwords of made officers: this home was a sandbox; begin production with a fresh"
            " PCCOVID_HOME and database"
        )

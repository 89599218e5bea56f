"""A health declaration as a FHIR R4 QuestionnaireResponse. Pure.

Questions carry our own names, for the old forms had none. Symptoms carry SNOMED CT where we are sure of the code, else
our own word. 'yes' and 'no' become booleans; every other answer stays the text that was given.
"""

from __future__ import annotations

from pccovid.declarations.carried import CarriedDeclaration
from pccovid.foundation.fhir import (
    OWN,
    OWN_NUMBERS,
    SNOMED,
    About,
    Resource,
    coding,
    instant,
    reference,
    resource,
    without_empty,
)  # fmt: skip

SYMPTOM_CODES = {
    "fever": ("386661006", "Fever"),
    "cough": ("49727002", "Cough"),
    "dyspnoea": ("267036007", "Dyspnea"),
    "diarrhoea": ("62315008", "Diarrhea"),
    "fatigue": ("84229001", "Fatigue"),
    "headache": ("25064002", "Headache"),
    "muscle_pain": ("68962001", "Muscle pain"),
    "chest_pain": ("29857009", "Chest pain"),
    "loss_of_taste": ("36955009", "Loss of taste"),
    "loss_of_smell": ("44169009", "Loss of sense of smell"),
}
_BOOLEANS = {"yes": True, "no": False}


def questionnaire_response(declaration: CarriedDeclaration, about: About) -> Resource:
    """The declaration with every answer; `source` is left open where somebody else filled it in."""
    return resource(
        "QuestionnaireResponse", about,
        identifier=_identifier(declaration),
        questionnaire=f"https://pccovid.invalid/fhir/Questionnaire/{declaration.form or 'unknown'}",
        status="completed" if about.is_standing else "entered-in-error",
        subject=reference(about.person),
        authored=instant(declaration.declared_at) if declaration.declared_at else None,
        source=None if declaration.is_for_other else reference(about.person),
        item=_items(declaration),
    )  # fmt: skip


def _identifier(declaration: CarriedDeclaration) -> Resource | None:
    key = declaration.source_key
    return {"system": f"{OWN_NUMBERS}declaration", "value": key} if key else None


def _items(declaration: CarriedDeclaration) -> list[Resource]:
    items = [
        _item("symptoms", [{"valueCoding": _symptom(code)} for code in declaration.symptoms]),
        _item("symptom_note", _text(declaration.symptom_note)),
        _item("travel_note", _text(declaration.travel_note)),
        _item("chronic_diseases", [{"valueString": name} for name in declaration.chronic_diseases]),
    ]
    items += [_item(question, _answer(answer)) for question, answer in declaration.answers.items()]
    return [one for one in items if "answer" in one]


def _item(question: str, answers: list[Resource]) -> Resource:
    return without_empty({"linkId": question, "answer": answers})


def _symptom(code: str) -> Resource:
    known = SYMPTOM_CODES.get(code)
    return coding(SNOMED, *known) if known else coding(f"{OWN}symptom", code)


def _answer(answer: str) -> list[Resource]:
    return [{"valueBoolean": _BOOLEANS[answer]}] if answer in _BOOLEANS else _text(answer)


def _text(text: str | None) -> list[Resource]:
    return [{"valueString": text}] if text else []

"""Who can be told apart and joined, by the evidence in the records; the package's first page defines it."""

from datetime import date

from sixth_nation.identity import Evidence
from sixth_nation.land import toneless
from sixth_nation.mistakes import FULL, NEAR, NO_DATE, RIGHT, YEAR
from sixth_nation.people import Person

Records = dict[int, list[tuple[str, Evidence]]]


class TellingApart:
    """Knows every record of the nation."""

    def __init__(self, people: list[Person], records: Records) -> None:
        self.records, self.people = records, {person.number: person for person in people}
        self.users: dict[str, set[int]] = {}
        """By phone who is named with it."""
        self.namesakes: dict[tuple[str, date, str], set[int]] = {}
        """By name, birth date and commune who is put there."""
        for number, of_one in records.items():
            for _, evidence in of_one:
                if evidence.phone:
                    self.users.setdefault(evidence.phone, set()).add(number)
                if evidence.commune:
                    self.namesakes.setdefault(self._in_commune(number, evidence.commune), set()).add(number)

    def is_tellable(self, number: int) -> bool:
        """Whether every record of that person is anchored and all of them hang together."""
        records = self.records.get(number, [])
        anchored = {key: self._is_anchored(number, evidence) for key, evidence in records}
        for key, evidence in records:
            if evidence.names_record:
                anchored[key] = anchored.get(evidence.names_record, False)
        return bool(records) and all(anchored.values()) and self._hang_together(records)

    def _in_commune(self, number: int, commune: str) -> tuple[str, date, str]:
        person = self.people[number]
        return toneless(person.name).lower(), person.born, commune

    def _is_anchored(self, number: int, evidence: Evidence) -> bool:
        """By the rules A to D."""
        if evidence.numbers and not evidence.bears_anothers and self._name_allows_number(evidence):
            return True
        if evidence.name != RIGHT:
            return False
        if evidence.birth == FULL and self._is_alone(number, evidence):
            return True
        if evidence.bears_anothers or not evidence.phone:
            return False
        if evidence.birth == YEAR:
            return self._is_alone_on_phone(number, evidence.phone, by_date=False)
        return evidence.birth == NO_DATE and self._is_own(evidence.phone)

    def _name_allows_number(self, evidence: Evidence) -> bool:
        return evidence.name == RIGHT or evidence.by_machine or (evidence.name == NEAR and evidence.birth >= NO_DATE)

    def _is_alone(self, number: int, evidence: Evidence) -> bool:
        """Nobody else has that name and birth date on that phone, or in that commune."""
        if evidence.phone and self._is_alone_on_phone(number, evidence.phone, by_date=True):
            return True
        return bool(evidence.commune) and len(self.namesakes[self._in_commune(number, evidence.commune)]) == 1

    def _is_alone_on_phone(self, number: int, phone: str, *, by_date: bool) -> bool:
        person = self.people[number]
        others = [self.people[other] for other in self.users[phone] if other != number]
        namesakes = [other for other in others if toneless(other.name).lower() == toneless(person.name).lower()]
        if by_date:
            return all(other.born != person.born for other in namesakes)
        return all(other.born.year != person.born.year for other in namesakes)

    def _is_own(self, phone: str) -> bool:
        return len(self.users[phone]) == 1

    def _hang_together(self, records: list[tuple[str, Evidence]]) -> bool:
        """One connected piece."""
        waiting, reached = [0], {0}
        while waiting:
            at = waiting.pop()
            for other, record in enumerate(records):
                if other not in reached and self._are_joined(records[at], record):
                    reached.add(other)
                    waiting.append(other)
        return len(reached) == len(records)

    def _are_joined(self, one: tuple[str, Evidence], other: tuple[str, Evidence]) -> bool:
        (key, evidence), (other_key, other_evidence) = one, other
        if other_key == evidence.names_record or key == other_evidence.names_record:
            return True
        if evidence.names_record and evidence.names_record == other_evidence.names_record:
            return True
        return self._agree(evidence, other_evidence)

    def _agree(self, one: Evidence, other: Evidence) -> bool:
        if set(one.numbers) & set(other.numbers):
            return True
        if one.name + other.name < RIGHT + NEAR or min(one.birth, other.birth) < NO_DATE:
            return False
        both_have_year = min(one.birth, other.birth) >= YEAR
        if one.phone and one.phone == other.phone and (both_have_year or self._is_own(one.phone)):
            return True
        both_right = one.name == other.name == RIGHT and one.birth == other.birth == FULL
        return both_right and one.commune == other.commune != ""

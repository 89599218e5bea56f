"""Readings of an address: province, district and commune that lie in one another, weighed by what they explain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from pccovid.areas.gazetteer import Place
from pccovid.areas.mentions import Mention, Mentions
from pccovid.areas.place_names import COMMUNE, DISTRICT, PROVINCE

_UNEXPLAINED = {COMMUNE: 0.0, DISTRICT: -1.0, PROVINCE: -2.0}
_UNEXPLAINED_ANNOUNCED = -3.0
_CLEAR_BARE_NAME = 3.0


class Reading(NamedTuple):
    """One place, and the words of the text that name it and the units around it."""

    place: Place
    score: float
    words: int
    has_slip: bool
    leaves_out: bool
    """Some plainly named unit has no room in this reading: the text contradicts itself or is read wrongly."""
    is_anchored: bool
    """The name is announced or complete, and a unit above it is named or known, unless it is a province."""

    def same_words(self, other: Reading) -> bool:
        """True where both rest on the same words."""
        return self.words == other.words


@dataclass(slots=True)
class _Loose:
    """A name some reading has to account for, and what it costs one that does not."""

    words: int
    cost: float


def readings(mentions: Mentions) -> list[Reading]:
    """Every coherent reading, unordered; empty where the text names nothing."""
    by_code: dict[str, list[Mention]] = {}
    for level in (PROVINCE, DISTRICT):
        for mention in mentions.at[level]:
            by_code.setdefault(mention.place.unit.code, []).append(mention)
    loose = _loose_names(mentions)
    found = []
    for mention in _worth_reading(mentions, by_code):
        chain = [mention, *_around(mention, by_code)]
        if _may_stand(mention, chain, mentions.known_above):
            found.append(_weigh(chain, loose, mentions.known_above))
    return found


def _worth_reading(mentions: Mentions, by_code: dict[str, list[Mention]]) -> list[Mention]:
    """Communes whose name occurs all over the country are narrowed to the districts, else provinces, named."""
    upper = mentions.at[PROVINCE] + mentions.at[DISTRICT]
    communes = mentions.at[COMMUNE]
    if len(communes) > 8:
        near = [mention for mention in communes if any(code in by_code for code in mention.place.above)]
        communes = near or communes
    return upper + communes


def _around(mention: Mention, by_code: dict[str, list[Mention]]) -> list[Mention]:
    """The best mentions of the units above, in words not used yet: 'Đắk Lắk' is not the district Lắk and a rest."""
    named = [by_code[code] for code in mention.place.above if code in by_code]
    around = _free_mentions(mention.words, named)
    if len(named) > len(around):
        other = _free_mentions(mention.words, named[::-1])
        around = max(around, other, key=lambda found: sum(upper.score for upper in found))
    return around


def _free_mentions(used: int, named: list[list[Mention]]) -> list[Mention]:
    found = []
    for mentions in named:
        free = [mention for mention in mentions if not mention.words & used]
        if free:
            best = max(free, key=lambda mention: mention.score)
            used |= best.words
            found.append(best)
    return found


def _may_stand(mention: Mention, chain: list[Mention], known_above: frozenset[str]) -> bool:
    """A commune without a prefix counts only beside its district, or alone in its part of the address.

    A slip is forgiven only beside a unit around it that is named or known.
    """
    if mention.has_slip and len(chain) == 1 and not known_above and mention.place.unit.level == COMMUNE:
        return False
    if mention.is_announced or mention.place.unit.level != COMMUNE:
        return True
    if mention.stands_alone:
        return True
    districts = mention.place.above[:-1]
    around = known_above | {upper.place.unit.code for upper in chain[1:]}
    return any(district in around for district in districts)


def _weigh(chain: list[Mention], loose: list[_Loose], known_above: frozenset[str]) -> Reading:
    words = reduce(or_, (mention.words for mention in chain))
    cost = sum(name.cost for name in loose if not name.words & words)
    place = chain[0].place
    return Reading(
        place=place,
        score=sum(mention.score for mention in chain) + cost,
        words=words,
        has_slip=any(mention.has_slip for mention in chain),
        leaves_out=cost <= _UNEXPLAINED[PROVINCE],
        is_anchored=_is_anchored(chain, known_above),
    )


def _is_anchored(chain: list[Mention], known_above: frozenset[str]) -> bool:
    """Whether it hangs on something above it, and a commune's name on more than a name alone."""
    level = chain[0].place.unit.level
    has_upper = len(chain) > 1 or bool(known_above) or level == PROVINCE
    return has_upper and (chain[0].is_announced or len(chain) > 2 or level != COMMUNE)


def _loose_names(mentions: Mentions) -> list[_Loose]:
    loose = [_Loose(words, _UNEXPLAINED_ANNOUNCED) for words in mentions.named]
    covered = 0
    for words in mentions.named:
        covered |= words
    for level in (PROVINCE, DISTRICT):
        for mention in mentions.at[level]:
            must_fit = mention.stands_alone or level == PROVINCE
            if must_fit and mention.score >= _CLEAR_BARE_NAME and not mention.words & covered:
                covered |= mention.words
                loose.append(_Loose(mention.words, _UNEXPLAINED[level]))
    return loose

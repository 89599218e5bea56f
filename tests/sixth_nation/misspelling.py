"""One word of a name misspelt: a mark, a letter, what an input method left, what the ear took for it."""

from random import Random

VOWELS = (
    "aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị", "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự",
    "yỳýỷỹỵ",
)  # fmt: skip
"""Each vowel with its six tones."""
BEGINNINGS = (
    ("s", "x"), ("x", "s"), ("ch", "tr"), ("tr", "ch"), ("l", "n"), ("n", "l"), ("d", "gi"), ("gi", "d"), ("v", "d"),
)  # fmt: skip
ENDINGS = (("n", "ng"), ("t", "c"), ("c", "t"), ("ng", "n"))
TELEX = {
    "ễ": "eex", "ế": "ees", "ầ": "aaf", "ấ": "aas", "đ": "dd", "ư": "uw", "ơ": "ow", "ạ": "aj", "ị": "ij", "ê": "ee",
    "à": "af",
}  # fmt: skip


def with_a_wrong_mark(rng: Random, word: str) -> str:
    """Another tone on one vowel."""
    spots = [(at, tones) for at, letter in enumerate(word.lower()) for tones in VOWELS if letter in tones]
    if not spots:
        return word
    at, tones = rng.choice(spots)
    other = rng.choice([letter for letter in tones if letter != word[at].lower()])
    return word[:at] + (other.upper() if word[at].isupper() else other) + word[at + 1 :]


def mistyped(rng: Random, word: str) -> str:
    """A letter lost, doubled, swapped with the next, or another; never the first."""
    if len(word) < 3:
        return word + rng.choice("nhg")
    at, lot = rng.randrange(1, len(word)), rng.random()
    if lot < 0.3:
        return word[:at] + word[at + 1 :]
    if lot < 0.5:
        return word[:at] + word[at] + word[at:]
    if lot < 0.75 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice("abcdeghiklmnoptuvy") + word[at + 1 :]


def as_telex_left_it(word: str) -> str:
    """The keys pressed, where the input method was off."""
    return "".join(TELEX.get(letter, letter) for letter in word)


def heard_wrongly(rng: Random, word: str) -> str:
    """A beginning or an ending that some region pronounces alike."""
    plain = word.lower()
    for heard, written in rng.sample(BEGINNINGS, len(BEGINNINGS)):
        if plain.startswith(heard) and plain[len(heard) : len(heard) + 1] not in ("h", "r", "g"):
            return (written + plain[len(heard) :]).capitalize()
    for heard, written in ENDINGS:
        if plain.endswith(heard):
            return word[: -len(heard)] + written
    return mistyped(rng, word)

"""The cases of a Russian company's name: Газпром, Газпрома, Газпрому, Газпромом, Газпроме.

By the ending alone, without a dictionary. Where an ending leaves the gender open (Роснефть, Норникель) both ways are
taken: a form that nobody writes matches nothing. A word in capitals of up to four letters (ВТБ, НЛМК) is an
abbreviation and does not decline; a longer one may carry its ending in small letters (ЛУКОЙЛа).
"""

from __future__ import annotations

import re
from itertools import product

_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_HARD = re.compile(r"[бвгджзйклмнпрстфхцчшщ]$", re.IGNORECASE)
_ABBREVIATION = 4

# Genitive, dative, accusative, instrumental, prepositional: what each ending turns into; several where either may be.
_ADJECTIVES = {
    "ый": ("ого", "ому", "ого", "ым", "ом"),
    "ий": ("ого|его", "ому|ему", "ого|его", "им", "ом|ем"),
    "ой": ("ого", "ому", "ого", "ым", "ом"),
    "ая": ("ой", "ой", "ую", "ой", "ой"),
    "яя": ("ей", "ей", "юю", "ей", "ей"),
    "ое": ("ого", "ому", "ое", "ым", "ом"),
    "ее": ("его", "ему", "ее", "им", "ем"),
    "ые": ("ых", "ым", "ые", "ыми", "ых"),
    "ие": ("их", "им", "ие", "ими", "их"),
}
_NOUNS = {
    "ия": ("ии", "ии", "ию", "ией", "ии"),
    "ие": ("ия", "ию", "ие", "ием", "ии"),
    "а": ("ы|и", "е", "у", "ой|ей", "е"),
    "я": ("и", "е", "ю", "ей", "е"),
    "ь": ("и|я", "и|ю", "ь", "ью|ем", "и|е"),
    "й": ("я", "ю", "й", "ем", "е"),
    "о": ("а", "у", "о", "ом", "е"),
    "е": ("я", "ю", "е", "ем", "е"),
    "ы": ("ов|", "ам", "ы", "ами", "ах"),
    "и": ("ей|ов|", "ям|ам", "и", "ями|ами", "ях|ах"),
}
_CONSONANT = ("а", "у", "", "ом|ем", "е")


def declined(name: str) -> frozenset[str]:
    """Return a name in all its cases, the nominative too; a name that is not Cyrillic is returned alone.

    The words of a name decline together, or the last one alone (Газпром нефти).
    """
    if not _CYRILLIC.search(name):
        return frozenset([name])
    words = re.split(r"([\s-]+)", name)
    cases = [_cases(word) for word in words]
    last = len(words) - 1
    forms = {name}
    for case in range(len(_CONSONANT)):
        forms.update("".join(words) for words in product(*(each[case] for each in cases)))
        forms.update("".join([*words[:last], form]) for form in cases[last][case])
    return frozenset(forms)


def _cases(word: str) -> list[tuple[str, ...]]:
    """Return the forms of one word in each oblique case."""
    stays: list[tuple[str, ...]] = [(word,)] * len(_CONSONANT)
    if not _CYRILLIC.search(word) or (word.isupper() and len(word) <= _ABBREVIATION):
        return stays
    lowered = word.lower()
    for ending, turned in (*_ADJECTIVES.items(), *_NOUNS.items()):
        stem = word[: -len(ending)]
        if lowered.endswith(ending) and len(stem) > 1:
            return [tuple(stem + each for each in case.split("|")) for case in turned]
    if _HARD.search(word):
        return [tuple(word + each for each in case.split("|")) for case in _CONSONANT]
    return stays

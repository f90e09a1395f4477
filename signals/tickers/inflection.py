"""Decline the Russian name of a company: Газпром, Газпрома, Газпрому, Газпромом, Газпроме.

The rules go by the ending alone, without a dictionary. Where an ending leaves the gender open (Роснефть, Норникель) the
forms of both genders are returned; a form that nobody writes matches nothing. A word in capitals of up to four letters
(ВТБ, НЛМК) is an abbreviation and does not decline. A longer one may carry its ending in lower case (ЛУКОЙЛа).
"""

from __future__ import annotations

import re
from itertools import product

_WORD_BREAK = re.compile(r"([\s-]+)")

_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_CONSONANT = re.compile(r"[бвгджзйклмнпрстфхцчшщ]$", re.IGNORECASE)
_LONGEST_ABBREVIATION = 4

# Nominative: genitive, dative, accusative, instrumental, prepositional; "|" separates variants.
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
_AFTER_CONSONANT = ("а", "у", "", "ом|ем", "е")


def declined(name: str) -> frozenset[str]:
    """Return the forms of a name in all cases, nominative included. A name that is not Cyrillic has one form.

    The words of a name decline together, or the last one alone (Газпром нефти).
    """
    if not _CYRILLIC.search(name):
        return frozenset([name])
    words = _WORD_BREAK.split(name)
    cases = [_cases(word) for word in words]
    last = len(words) - 1
    forms = {name}
    for case in range(len(_AFTER_CONSONANT)):
        forms.update("".join(words) for words in product(*(of_word[case] for of_word in cases)))
        forms.update("".join([*words[:last], form]) for form in cases[last][case])
    return frozenset(forms)


def _cases(word: str) -> list[tuple[str, ...]]:
    """Return the forms of one word in each oblique case."""
    undeclined: list[tuple[str, ...]] = [(word,)] * len(_AFTER_CONSONANT)
    if not _CYRILLIC.search(word) or (word.isupper() and len(word) <= _LONGEST_ABBREVIATION):
        return undeclined
    lowered = word.lower()
    for ending, cases in (*_ADJECTIVES.items(), *_NOUNS.items()):
        stem = word[: -len(ending)]
        if lowered.endswith(ending) and len(stem) > 1:
            return [tuple(stem + variant for variant in case.split("|")) for case in cases]
    if _CONSONANT.search(word):
        return [tuple(word + variant for variant in case.split("|")) for case in _AFTER_CONSONANT]
    return undeclined

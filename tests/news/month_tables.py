"""Write signals/news/month_names.py from the names of months and weekdays in CLDR, as Babel ships them.

Run `python -m tests.news.month_tables` after a new language is added. The program itself needs no Babel.
"""

import textwrap
from collections import defaultdict
from pathlib import Path

from babel import Locale

from signals.news.date_text import fold

_CODES = "en ru uk de de_AT fr es it pt nl pl tr ar ar_SY ar_MA cs sk sv da nb fi ro el hu id ca bg hr"
LANGUAGES = tuple(_CODES.split())
# Short forms that newspapers use and CLDR does not list.
EXTRA = {
    "en": {"sept": 9},
    "ru": {"янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10,
           "ноя": 11, "дек": 12},
    "uk": {"січ": 1, "лют": 2, "бер": 3, "кві": 4, "тра": 5, "чер": 6, "лип": 7, "сер": 8, "вер": 9, "жов": 10,
           "лис": 11, "гру": 12},
    "de": {"mrz": 3},
    "fr": {"fev": 2, "avr": 4, "sep": 9},
    "es": {"setiembre": 9, "set": 9},
    "pl": {"wrzes": 9},
}  # fmt: skip
OUTPUT = Path(__file__).resolve().parents[2] / "signals" / "news" / "month_names.py"


def months() -> dict[str, dict[int, set[str]]]:
    """Return the folded names of months, each with its numbers and the languages that use it so."""
    names: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for code in LANGUAGES:
        forms = Locale.parse(code).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in forms[context][width].items():
                    folded = fold(name).strip().rstrip(".").removeprefix("de ").removeprefix("d’")
                    if len(folded) > 1 and not any(c.isdigit() for c in folded):
                        names[folded][number].add(code[:2])
        for name, number in EXTRA.get(code, {}).items():
            names[fold(name)][number].add(code[:2])
    return names


def weekdays() -> set[str]:
    """Return the folded names of weekdays of two letters and more."""
    names = set()
    for code in LANGUAGES:
        forms = Locale.parse(code).days
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated", "short"):
                names |= {fold(name).strip().rstrip(".") for name in forms[context][width].values()}
    return {name for name in names if len(name) > 1}


def source() -> str:
    """Return the text of the module."""
    names = months()
    plain = {name: next(iter(numbers)) for name, numbers in names.items() if len(numbers) == 1}
    rows = [" ".join(sorted((n.replace(" ", "_") for n in plain if plain[n] == m), key=str)) for m in range(1, 13)]
    mixed = sorted((name, number, sorted(codes)) for name, numbers in names.items() if len(numbers) > 1
                   for number, codes in numbers.items())  # fmt: skip
    lines = [
        '"""The names of months and weekdays in many languages, folded as `date_text.fold` does.',
        "",
        "Written by `python -m tests.news.month_tables` from CLDR; do not edit.",
        '"""',
        "",
        "#: The languages by their codes of two letters.",
        f"LANGUAGES = {tuple(sorted({code[:2] for code in LANGUAGES}))!r}",
        "",
        "#: The names of each month that mean the same in all languages that have them; _ stands for a space.",
        "MONTHS = (",
        *(f"    {_literal(row)}," for row in rows),
        ")",
        "",
        "#: Names of different months in different languages: the name, the month, the languages.",
        "MIXED = (",
        *(f"    ({name!r}, {number}, {' '.join(codes)!r})," for name, number, codes in mixed),
        ")",
        "",
        "#: The names of weekdays.",
        f"WEEKDAYS = {_literal(' '.join(sorted(n.replace(' ', '_') for n in weekdays())))}",
    ]
    return "\n".join(lines).replace("'", '"') + "\n"


def _literal(words: str) -> str:
    parts = textwrap.wrap(words, 100, break_on_hyphens=False)
    return "(\n" + "\n".join(f"        {part + ' '!r}" for part in parts[:-1]) + f"\n        {parts[-1]!r}\n    )"


if __name__ == "__main__":
    OUTPUT.write_text(source(), encoding="utf-8")

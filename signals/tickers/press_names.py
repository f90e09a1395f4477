"""Look up how the press calls the largest issuers, and which well-known company a short name belongs to.

The table is `press_names.csv`: market (US, RU, or none for companies from elsewhere), ticker, legal names and short
names. It gives an instrument the short names of its issuer (JPMorgan for JPMorgan Chase & Co.), and takes a short name
from instruments of other issuers: "Tesco" is not Tesco Corporation, whether or not Tesco PLC is configured.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from signals.tickers.legal_forms import without_legal_form

_NO_LETTERS = re.compile(r"[\W_]+")

_TABLE = Path(__file__).with_name("press_names.csv")
_AMERICAN = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|co|company|llc|bancorp)\b\.?\W*(?:\(\w+\)\W*)?$", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"\b(?:plc|p\.l\.c|ag|se|sa|s\.a|nv|n\.v|spa|s\.p\.a|asa|limited)\b\.?\W*(?:\(\w+\)\W*)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PressIssuer:
    """An issuer of the table with its legal names and the names that the press uses."""

    market: str
    ticker: str
    names: tuple[str, ...]
    press: tuple[str, ...]

    def is_called(self, name: str) -> bool:
        """Return whether a legal name may be this issuer's; abroad the kind of legal form has to agree."""
        return any(_folded(own) == _folded(name) and (bool(self.market) or _agree(own, name)) for own in self.names)


@cache
def press_issuers() -> tuple[PressIssuer, ...]:
    """Return the issuers of the table."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        next(file)
        return tuple(
            PressIssuer(row["market"], row["ticker"], tuple(row["names"].split("|")), tuple(row["press"].split("|")))
            for row in csv.DictReader(file)
        )


def press_names(name: str) -> tuple[str, ...]:
    """Return the names by which the press calls the issuer of a legal name."""
    issuers = (issuer for issuer in _by_name().get(_folded(name), ()) if issuer.is_called(name))
    return tuple(dict.fromkeys(text for issuer in issuers for text in issuer.press))


def belongs_to_another(form: str, name: str) -> bool:
    """Return whether a form of a legal name is the short name of a better known company, and of no other issuer."""
    owners = _by_press().get(_folded_form(form), ())
    return bool(owners) and not any(owner.is_called(name) for owner in owners)


@cache
def _by_name() -> Mapping[str, tuple[PressIssuer, ...]]:
    return _grouped((_folded(name), issuer) for issuer in press_issuers() for name in issuer.names)


@cache
def _by_press() -> Mapping[str, tuple[PressIssuer, ...]]:
    return _grouped((_folded_form(form), issuer) for issuer in press_issuers() for form in issuer.press)


def _grouped(pairs: Iterable[tuple[str, PressIssuer]]) -> Mapping[str, tuple[PressIssuer, ...]]:
    groups: defaultdict[str, list[PressIssuer]] = defaultdict(list)
    for key, issuer in pairs:
        groups[key].append(issuer)
    return {key: tuple(issuers) for key, issuers in groups.items()}


def _folded_form(form: str) -> str:
    return _NO_LETTERS.sub("", form.casefold().replace("&", "and"))


@cache
def _folded(name: str) -> str:
    return _folded_form(without_legal_form(name)[-1])


def _agree(own: str, name: str) -> bool:
    """Return whether the legal forms of two names are of one kind, or one name has none."""
    return not ((_AMERICAN.search(name) and _FOREIGN.search(own)) or (_FOREIGN.search(name) and _AMERICAN.search(own)))

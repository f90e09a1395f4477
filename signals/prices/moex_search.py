"""The search of securities of ISS, the Moscow Exchange's information server. It gives ISINs and no currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from signals.net.retry import retry
from signals.prices.moex import MoexSource, Row
from signals.types import Candidate, Kind

_COUNT = "100"

#: The groups of securities that have prices of their own, with the market of each; bonds and options are left out.
GROUPS: Mapping[str, tuple[Kind, str]] = {
    "stock_shares": ("equity", "MISX"),
    "stock_foreign_shares": ("equity", "MISX"),
    "stock_dr": ("equity", "MISX"),
    "stock_index": ("index", "MISX"),
    "stock_etf": ("etf", "MISX"),
    "stock_ppif": ("etf", "MISX"),
    "currency_selt": ("fx", "MISX"),
    "futures_forts": ("future", "RTSX"),
}


class MoexSearch(MoexSource):
    """A `ListingSearch` over ISS, by the requests of its prices."""

    def search(self, text: str) -> Sequence[Candidate]:
        """Return the traded securities that ISS offers for a text of at least three characters.

        Raises
        ------
        RateLimitedError, UnavailableError
            ISS asked to slow down, could not be reached or did not answer with its table, also after retries.
        LeftAloneError, OverBudgetError
            ISS is left alone for now, or the search took more than it may.
        """
        params = {"q": text, "is_trading": "1", "limit": _COUNT, "lang": "en"}
        with self._asking(text):
            (rows,) = retry(lambda: self._request(text, "/iss/securities.json", params, "securities"), self._pause)
        candidates = (_candidate(row) for row in rows)
        return [candidate for candidate in candidates if candidate is not None]


def _candidate(row: Row) -> Candidate | None:
    """Return the listing of a row; None if it has no prices or is traded no more."""
    kind, mic = GROUPS.get(str(row["group"]), (None, ""))
    if kind is None or row["is_traded"] != 1:
        return None
    code, isin = str(row["secid"]), str(row["isin"] or "")
    return Candidate(code, code, str(row["name"] or row["shortname"] or code), mic, kind=kind, isin=isin)

"""What the search of a vendor answers with: the listings that a text may mean."""

from __future__ import annotations

from dataclasses import dataclass

from signals.types.instruments import Kind


@dataclass(frozen=True, slots=True)
class Candidate:
    """One listing that a vendor's search offers.

    Attributes
    ----------
    symbol
        The vendor's spelling of it.
    ticker
        The code on its market, without what only the vendor adds.
    mic
        The market (ISO 10383); empty where the vendor's code has none, or no exchange lists it.
    currency, isin
        Empty where the search does not say it.
    """

    symbol: str
    ticker: str
    name: str
    mic: str = ""
    currency: str = ""
    kind: Kind = "equity"
    isin: str = ""

"""Units in which exchanges quote, such as pence: each is a part of a currency."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class QuotedUnit(NamedTuple):
    """A currency by its ISO 4217 code, and how much of it one unit is: 0.01 pounds for a penny."""

    currency: str
    per_unit: float


#: The codes of exchanges and vendors for units that are no currency of ISO 4217. They differ in case on purpose: GBp is
#: a penny, GBP a pound.
QUOTED_UNITS: Mapping[str, QuotedUnit] = MappingProxyType(
    {
        **dict.fromkeys(("GBp", "GBX", "GBx"), QuotedUnit("GBP", 0.01)),
        **dict.fromkeys(("ZAc", "ZAC", "ZAX", "ZAx"), QuotedUnit("ZAR", 0.01)),
        **dict.fromkeys(("ILA", "ILa", "ILX", "ILx"), QuotedUnit("ILS", 0.01)),
        **dict.fromkeys(("USX", "USx", "USc"), QuotedUnit("USD", 0.01)),
        **dict.fromkeys(("EUX", "EUx", "EUc"), QuotedUnit("EUR", 0.01)),
        **dict.fromkeys(("AUX", "AUx", "AUc"), QuotedUnit("AUD", 0.01)),
        **dict.fromkeys(("CAX", "CAx", "CAc"), QuotedUnit("CAD", 0.01)),
        **dict.fromkeys(("NZX", "NZx", "NZc"), QuotedUnit("NZD", 0.01)),
        **dict.fromkeys(("BWp", "BWX"), QuotedUnit("BWP", 0.01)),
        **dict.fromkeys(("KEX", "KEc"), QuotedUnit("KES", 0.01)),
        **dict.fromkeys(("KWF", "KWf"), QuotedUnit("KWD", 0.001)),
    }
)


def quoted_unit(code: str) -> QuotedUnit:
    """Return the currency of a code and how much of it one unit is; a currency is its own unit."""
    return QUOTED_UNITS.get(code, QuotedUnit(code, 1.0))

"""Loopback servers that answer searches besides prices: Yahoo's and the Moscow Exchange's, each with a few listings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.prices import market
from tests.prices.servers import IssVendor, Reply, YahooVendor, reply, table


def quote(symbol: str, exchange: str, name: str, kind: str = "EQUITY") -> dict[str, object]:
    """A listing as Yahoo's search gives it."""
    return {"symbol": symbol, "exchange": exchange, "shortname": name[:16], "longname": name, "quoteType": kind,
            "index": "quotes", "score": 20_000.0, "isYahooFinance": True}  # fmt: skip


@dataclass
class SearchingYahoo(YahooVendor):
    """`v1/finance/search` by the text, and charts of the symbols that `currencies` has."""

    quotes: dict[str, Sequence[object]] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    searches: list[Reply] = field(default_factory=list)  # to give before the proper answers

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        if path.endswith("/v1/finance/search"):
            return self.searches.pop(0) if self.searches else reply({"quotes": self.quotes.get(query["q"].lower(), [])})
        symbol = path.rpartition("/")[2]
        if "/v8/finance/chart/" not in path or symbol not in self.currencies:
            return super().answer(path, query)
        bars = self.days if query["interval"] == "1d" else self.candles
        chart = self.chart(bars, int(query["period1"]), int(query["period2"]), query["interval"])
        meta = {**dict(chart["meta"]), "symbol": symbol, "currency": self.currencies[symbol]}  # type: ignore[call-overload]  # a dict
        return reply({"chart": {"result": [{**chart, "meta": meta}], "error": None}})


#: A row of ISS's search: secid, shortname, name, isin, is_traded, group.
Security = tuple[str, str, str, str | None, int, str]


@dataclass
class SearchingIss(IssVendor):
    """`/iss/securities.json` by the text, and prices of the securities that are in its answers."""

    securities: dict[str, Sequence[Security]] = field(default_factory=dict)
    searches: list[Reply] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        if path == "/iss/securities.json":
            if self.searches:
                return self.searches.pop(0)
            columns = ["secid", "shortname", "name", "isin", "is_traded", "group", "primary_boardid"]
            rows = [(*row, "TQBR") for row in self.securities.get(query["q"].lower(), ())]
            return reply({"securities": table(columns, rows)})
        for code in {row[0] for rows in self.securities.values() for row in rows}:
            path = path.replace(f"/{code}/", f"/{market.SYMBOL}/").replace(f"/{code}.", f"/{market.SYMBOL}.")
        return super().answer(path, query)

"""The filings in what EDGAR publishes: the feed of current filings, and the submissions of one filer as JSON.

The time of acceptance in the JSON ends in Z, but for some filers it is New York's clock. EDGAR accepts from six to ten,
and dates what it accepts after half past five by the next business day, so that the filings of one filer show together
which of the two it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from signals.types import Scheme, Tag

_ITEM_SEPARATOR = re.compile(r"[,;\s]+")

ZONE = "America/New_York"
_OPENS, _CLOSES, _DAY_ENDS = time(6), time(22), time(17, 30)
_SATURDAY = 5
#: Forms that keep the date of their acceptance until EDGAR closes.
_LATE_FORMS = re.compile(r"(?:3|4|5|144|SC(?:HEDULE)? 13[DG]|.*MEF)(?:/A)?")
_TITLE = re.compile(r"(?P<form>.{1,40}?) - (?P<company>.+?) \((?P<cik>\d{1,10})\) \((?P<role>[^()]+)\)")
_LONGEST_TITLE = 1_000
_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_CIK_IN_NAME = re.compile(r"CIK(\d{10})")

#: The items of Form 8-K, as the form words them.
ITEMS: dict[str, str] = {
    "1.01": "Entry into a Material Definitive Agreement",
    "1.02": "Termination of a Material Definitive Agreement",
    "1.03": "Bankruptcy or Receivership",
    "1.05": "Material Cybersecurity Incidents",
    "2.01": "Completion of Acquisition or Disposition of Assets",
    "2.02": "Results of Operations and Financial Condition",
    "2.03": "Creation of a Direct Financial Obligation",
    "2.04": "Triggering Events That Accelerate a Direct Financial Obligation",
    "2.05": "Costs Associated with Exit or Disposal Activities",
    "2.06": "Material Impairments",
    "3.01": "Notice of Delisting or Failure to Satisfy a Continued Listing Rule",
    "3.02": "Unregistered Sales of Equity Securities",
    "3.03": "Material Modification to Rights of Security Holders",
    "4.01": "Changes in Registrant's Certifying Accountant",
    "4.02": "Non-Reliance on Previously Issued Financial Statements",
    "5.01": "Changes in Control of Registrant",
    "5.02": "Departure or Election of Directors or Certain Officers",
    "5.03": "Amendments to Articles of Incorporation or Bylaws",
    "5.07": "Submission of Matters to a Vote of Security Holders",
    "7.01": "Regulation FD Disclosure",
    "8.01": "Other Events",
    "9.01": "Financial Statements and Exhibits",
}


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing by one of its filers. `accepted` and `filed` are as written."""

    form: str
    company: str
    accession: str
    accepted: str
    cik: str = ""
    filed: str = ""
    summary: str = ""
    url: str = ""
    tickers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key within the source: filers of one filing share its accession number."""
        return f"{self.accession}/{self.cik}" if self.cik else self.accession

    @property
    def title(self) -> str:
        """The form and the company with its key, so that who files is not named in passing."""
        key = f" (CIK {self.cik.zfill(10)})" if self.form and self.company and self.cik else ""
        return " - ".join(filter(None, (self.form, self.company))) + key

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The filer by its central index key and by its tickers."""
        keys = (Tag(self.cik, Scheme.CIK),) if self.cik else ()
        return (*keys, *map(Tag, self.tickers))


def filing_of_entry(title: str, entry_id: str, updated: str, summary: str, url: str) -> Filing | None:
    """Return the filing of an entry of the feed of current filings; None if the entry is of another kind."""
    match, accession = _TITLE.fullmatch(title[:_LONGEST_TITLE]), _ACCESSION.search(entry_id) or _ACCESSION.search(url)
    if match is None or accession is None:
        return None
    cik = match["cik"].lstrip("0")
    return Filing(match["form"], match["company"], accession[0], updated, cik, summary=summary, url=url)


def filings_of_reply(values: Sequence[object], origin: str) -> Iterator[Filing]:
    """Yield the filings in JSON values: submissions of a filer, their older pages, or one object for each filing."""
    named = _CIK_IN_NAME.search(origin)
    for value in (item for each in values for item in (each if isinstance(each, list) else [each])):
        if isinstance(value, dict):
            cik = (_text(value, "cik") or (named[1] if named else "")).lstrip("0")
            filings = list(_filings(value, cik))
            yield from map(_without_zone, filings) if _states_new_york(filings) else filings


def _filings(reply: Mapping[str, object], cik: str) -> Iterator[Filing]:
    inner = reply.get("filings")
    table = inner.get("recent") if isinstance(inner, dict) else reply
    if not isinstance(table, dict):
        return
    company, tickers = _text(reply, "name") or _text(reply, "companyName"), tuple(_tickers(reply))
    columns = {name: cell if isinstance(cell, list) else [cell] for name, cell in table.items()}
    for n in range(len(columns.get("accessionNumber", ()))):
        row = {name: str(cells[n]) for name, cells in columns.items() if n < len(cells) and cells[n] is not None}
        accession, document = row.get("accessionNumber", ""), row.get("primaryDocument", "")
        folder = f"https://www.sec.gov/Archives/edgar/data/{cik}/{accession.replace('-', '')}"
        yield Filing(
            form=row.get("form", ""),
            company=company,
            accession=accession,
            accepted=row.get("acceptanceDateTime", ""),
            cik=cik,
            filed=row.get("filingDate", ""),
            summary=_summary(row),
            url=f"{folder}/{document}" if cik and document else "",
            tickers=tickers,
        )


def _summary(row: Mapping[str, str]) -> str:
    """Return the items of a filing in words, and its own description where that says more than the form."""
    items = [f"Item {item}: {ITEMS[item]}." for item in _ITEM_SEPARATOR.split(row.get("items", "")) if item in ITEMS]
    description = row.get("primaryDocDescription", "")
    return "\n\n".join(items if description in ("", row.get("form")) else [*items, description])


def _tickers(reply: Mapping[str, object]) -> Iterator[str]:
    """Yield the tickers of a filer, each with its exchange where the reply lists both."""
    codes, exchanges = reply.get("tickers") or reply.get("ticker"), reply.get("exchanges")
    tickers = codes if isinstance(codes, list) else [codes]
    markets = exchanges if isinstance(exchanges, list) and len(exchanges) == len(tickers) else [None] * len(tickers)
    for ticker, market in zip(tickers, markets, strict=True):
        if isinstance(ticker, str) and ticker:
            yield f"{market}:{ticker}" if isinstance(market, str) and market in ("NYSE", "Nasdaq") else ticker


def _text(value: Mapping[str, object], name: str) -> str:
    inner = value.get(name)
    return str(inner) if isinstance(inner, (str, int)) and not isinstance(inner, bool) else ""


# --- the clock of a filer -------------------------------------------------------------------------------------------


def _without_zone(filing: Filing) -> Filing:
    return replace(filing, accepted=filing.accepted.removesuffix("Z"))


def _states_new_york(filings: Sequence[Filing]) -> bool:
    """Return whether the times of a filer, written with a Z, contradict UTC more often than New York's clock."""
    in_utc = by_clock = 0
    for filing in filings:
        try:
            stated = datetime.fromisoformat(filing.accepted)
        except ValueError:
            continue
        if not filing.accepted.endswith("Z"):
            continue
        in_utc += _is_impossible(stated.astimezone(ZoneInfo(ZONE)), filing)
        by_clock += _is_impossible(stated, filing)
    return by_clock < in_utc


def _is_impossible(accepted: datetime, filing: Filing) -> bool:
    """Return whether EDGAR cannot have accepted a filing at a time of New York."""
    clock, day = accepted.time(), accepted.date().isoformat()
    if not _OPENS <= clock <= _CLOSES or accepted.weekday() >= _SATURDAY:
        return True
    if not filing.filed:
        return False
    if clock <= _DAY_ENDS:
        return filing.filed != day
    return filing.filed == day and not _LATE_FORMS.fullmatch(filing.form)

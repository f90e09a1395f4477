"""Remove the legal form and the share class from a company's name, and recognise a legal form in a text."""

from __future__ import annotations

import re

_LEGAL = (
    "Public Joint[- ]Stock Company|Open Joint[- ]Stock Company|Joint[- ]Stock Company|Public Limited Company|"
    "Aktiengesellschaft|Incorporated|Corporation|Company|Companies|Limited|Berhad|Inc|Corp|Co|Ltd|LLC|LLP|L\\.L\\.C|LP|"
    "L\\.P|PLC|P\\.L\\.C|PJSC|OJSC|JSC|PAO|OAO|ZAO|AO|ПАО|ОАО|ЗАО|АО|ООО|AG|KGaA|GmbH|SE|S\\.E|SA|S\\.A|SpA|S\\.p\\.A|NV|"
    "N\\.V|BV|B\\.V|AB|ASA|AS|A/S|Oyj|Tbk|PT|Bhd|Pte|Pty|KK|SAB de CV|S\\.A\\.B\\. de C\\.V|Group|Holdings?"
)
_SHARES = (
    r"\([^()]*\)?|Class [A-Z]\b|Series [A-Z]\b|Common (?:Stock|Shares)|Ordinary Shares|Ord|ADR|ADS|"
    r"American Depositary (?:Shares|Receipts)"
)
_TAIL = re.compile(
    rf"(?:(?:(?:(?<!\s)\s+)?,\s*|(?<!\s)\s+)(?:{_SHARES}|(?:(?:&|and)\s+)?(?:{_LEGAL})\.?)|(?<=[a-z]{{2}})\.com)$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?:The|Public Joint[- ]Stock Company|Joint[- ]Stock Company|PJSC|OJSC|JSC|PAO|OAO|ПАО|ОАО|АО|PT|Koninklijke)\s+",
    re.IGNORECASE,
)
_QUOTES = " \t,\"'«»“”"

# A legal form after a name in a text, with or without dots and a comma, as far as it is none of the ordinary words.
_IN_TEXT = re.compile(
    r",? (?:Inc(?:orporated)?|Corp(?:oration)?|Co(?:mpany|mpanies)?|Ltd|Ld|Limited|PLC|P\.L\.C|LLC|L\.L\.C|LLP|LP|"
    r"L\.P|AG|SE|SA|S\.A|SpA|S\.p\.A|NV|N\.V|BV|B\.V|AB|ASA|AS|A/S|Oyj|PJSC|OJSC|JSC|PAO|Group|Holdings?)\b\.?",
    re.IGNORECASE,
)
# An id in brackets after a name in capitals: "(0000789019)", as in the titles of filings.
_ID_IN_TEXT = re.compile(r",? (?:\([0-9]{6,10}\)|\((?:Filer|Issuer|Subject|Reporting|Filed by)\))")


def legal_form_end(text: str, end: int) -> int:
    """Return where the legal form after a name ends in a text, `end` if there is none."""
    match = _IN_TEXT.match(text, end)
    return match.end() if match else end


def has_identity(text: str, end: int) -> bool:
    """Return whether a legal form or an id in brackets follows a name in a text."""
    return _IN_TEXT.match(text, end) is not None or _ID_IN_TEXT.match(text, end) is not None


def without_legal_form(name: str) -> tuple[str, ...]:
    """Return a company's name, and the rest after each part of its legal form and share class is removed."""
    forms = [name.strip()]
    while len(shorter := _HEAD.sub("", _TAIL.sub("", forms[-1])).strip(_QUOTES)) > 1 and shorter != forms[-1]:
        forms.append(shorter)
    if forms[-1].islower():  # support.com is not support
        forms = forms[:-1] or forms
    return tuple(dict.fromkeys(text for form in forms for text in (form, form.replace(",", ""))))

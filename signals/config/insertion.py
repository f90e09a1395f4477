"""Instruments written into the text of config.yaml: every other line stays as it is, comments included.

The entries go to the end of the block `instruments:`, with its indentation and the line breaks of the file. The new
file is loaded before it replaces the old one. A text in which an entry has no such place is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from signals.config.loader import load
from signals.config.schema import Config
from signals.durable import replacing
from signals.errors import ConfigError
from signals.types import Alias, Instrument

_SECTION, _STEP = "instruments", "  "
_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
_PLAIN = re.compile(r"[A-Za-z_][\w.&()/ +-]*(?<! )", re.ASCII)
# No text in one version of YAML or another.
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))


class NotExtendableError(ConfigError):
    """The file has no place where an entry can be inserted without a change of other lines."""

    exit_code = 1


def add_instruments(path: Path, instruments: Sequence[Instrument]) -> Config:
    """Write instruments into a configuration file and return the new configuration.

    Raises
    ------
    ConfigError
        The file cannot be read or written, or refuses an instrument; it is as it was.
    NotExtendableError
        The entries have to be pasted by hand; it is as it was.
    """
    before = load(path)
    target = before.path  # a link stays one
    try:
        text = inserted(target.read_bytes().decode("utf-8"), instruments)
        with replacing(target) as trial:
            trial.write_bytes(text.encode("utf-8"))
            return _checked(path, before, trial, instruments)
    except (ValueError, yaml.YAMLError):
        raise _not_extendable(path) from None
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written ({error.strerror}); make its folder writable") from None


def _checked(path: Path, before: Config, trial: Path, instruments: Sequence[Instrument]) -> Config:
    """Load the new file, which has to differ from the old one by the instruments alone."""
    try:
        after = replace(load(trial), path=before.path)
    except ConfigError as error:
        if error.problem.startswith(f"{_SECTION}."):
            raise ConfigError(str(path), error.problem) from None
        raise _not_extendable(path) from None
    old, new = ({instrument.ticker: instrument for instrument in one.instruments} for one in (before, after))
    added = {instrument.ticker: instrument for instrument in instruments}
    rest = replace(after, instruments=before.instruments, news=before.news, unused_mics=before.unused_mics)
    is_whole = new == old | {ticker: new.get(ticker, instrument) for ticker, instrument in added.items()}
    as_meant = all(
        (one.name, one.benchmark, one.symbols) == (new[ticker].name, new[ticker].benchmark, new[ticker].symbols)
        for ticker, one in added.items()
        if ticker in new
    )
    if not (is_whole and as_meant and added.keys() <= new.keys() and rest == before):
        raise _not_extendable(path)
    return after


def _not_extendable(path: Path) -> NotExtendableError:
    problem = (
        "no entry can be added without a change of other lines; paste the lines above at the end of `instruments:`, "
        "with the indentation of its other entries"
    )
    return NotExtendableError(str(path), problem)


# --- the text of an entry -------------------------------------------------------------------------------------------


def scalar(text: str) -> str:
    """Return a text as YAML that every reader takes for this text, whatever its version of YAML."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and yaml.safe_load(text) == text
    return text if is_plain else json.dumps(text, ensure_ascii=not text.isprintable())


def entry_lines(instrument: Instrument) -> list[str]:
    """Return the lines of an entry of `instruments:`, without the indentation of the block."""
    values = {
        "name": instrument.name,
        "mic": instrument.mic,
        "currency": instrument.quoted_in or instrument.currency,
        "kind": "" if instrument.kind == "equity" else instrument.kind,
        "benchmark": instrument.benchmark or "",
        "issuer": instrument.issuer,
        "sector": instrument.sector,
    }
    lines = [f"{key}: {scalar(value)}" for key, value in values.items() if value]
    if instrument.symbols:
        pairs = ", ".join(f"{scalar(source)}: {scalar(symbol)}" for source, symbol in instrument.symbols.items())
        lines.append(f"symbols: {{{pairs}}}")
    lines += _days(instrument)
    if instrument.aliases:
        lines += ["aliases:", *(f"{_STEP}- {_alias(alias)}" for alias in instrument.aliases)]
    return [f"{scalar(instrument.ticker)}:", *(_STEP + line for line in lines)]


def _alias(alias: Alias) -> str:
    return "{" + ", ".join([f"text: {scalar(alias.text)}", f"scheme: {alias.scheme}", *_days(alias)]) + "}"


def _days(dated: Instrument | Alias) -> list[str]:
    days = {"valid_from": dated.valid_from, "valid_to": dated.valid_to}
    return [f"{key}: {day}" for key, day in days.items() if day]


# --- its place in the file ------------------------------------------------------------------------------------------


def inserted(text: str, instruments: Sequence[Instrument]) -> str:
    """Return the text of a configuration with instruments at the end of `instruments:`, which is made if it is missing.

    Raises
    ------
    ValueError
        The section, or the whole file, is written in braces.
    """
    lines = [line for instrument in instruments for line in entry_lines(instrument)]
    # The marks of this loader are positions. It refuses tabs before comments, which the configuration's allows.
    root = yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader)
    if root is None:
        return _put(text, len(text), [f"{_SECTION}:", *(_STEP + line for line in lines)])
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise ValueError("the file is no block of keys")
    margin = " " * root.value[0][0].start_mark.column
    section = next((pair for pair in root.value if pair[0].value == _SECTION), None)
    if section is None:
        position = max(_content_end(text, root.end_mark.index), _line_end(text, _leaf_end(root)))
        return _put(text, position, [f"{margin}{_SECTION}:", *(margin + _STEP + line for line in lines)])
    key, block = section
    if _is_empty(block):
        start, end = block.start_mark.index, block.end_mark.index
        without = text[:start].rstrip(" ") + text[end:] if end > start else text
        return _put(without, _line_end(without, key.end_mark.index), [margin + _STEP + line for line in lines])
    if not isinstance(block, yaml.MappingNode) or block.flow_style:
        raise ValueError("the section is no block of keys")
    indent = " " * block.value[0][0].start_mark.column
    position = max(_content_end(text, block.end_mark.index), _line_end(text, _leaf_end(block)))
    return _put(text, position, [indent + line for line in lines])


def _is_empty(node: yaml.Node) -> bool:
    return (isinstance(node, yaml.MappingNode) and not node.value) or node.tag == "tag:yaml.org,2002:null"


def _content_end(text: str, stop: int) -> int:
    """Return where the last line before `stop` ends that is neither blank nor a comment."""
    lines = _LINE.findall(text[:stop])
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return sum(map(len, lines))


def _leaf_end(node: yaml.Node) -> int:
    """Return where the last leaf of a node ends, which may be a text in several lines that look like comments.

    An alias ends where its anchor does, which is before it.
    """
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        children = (child for item in node.value for child in (item if isinstance(item, tuple) else (item,)))
        return max(map(_leaf_end, children))
    return int(node.end_mark.index)


def _line_end(text: str, index: int) -> int:
    """Return where the line of a position ends; the beginning of a line is the end of the one before."""
    if text[:index].endswith("\n"):
        return index
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _put(text: str, position: int, lines: Sequence[str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text[:position]
    if head and not head.endswith("\n"):
        head += newline
    return head + "".join(line + newline for line in lines) + text[position:]

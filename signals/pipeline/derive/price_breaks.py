"""Jumps of prices that a split or a change of unit explains better than news: they are held back and named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from signals.study.leastsquares import Bools
from signals.study.returns import Aligned
from signals.study.unit_breaks import break_kind, split_breaks
from signals.types import BreakKind, Correction, Floats, PriceBreak, Times


def on_split_days(aligned: Aligned) -> Bools:
    """Return ``(T,)`` the days of splits that the prices contradict."""
    if (aligned.source_split == 1.0).all():
        return np.zeros(len(aligned.close), dtype=bool)
    is_adjusted = not np.array_equal(aligned.split, aligned.source_split)
    return split_breaks(aligned.ret, aligned.source_split, is_adjusted)


def confirmed(corrections: Sequence[Correction], source: str | None, sessions: Times) -> Bools:
    """Return ``(T,)`` the sessions whose jump the user says is a move."""
    days = [one.first for one in corrections if one.is_move and one.source in (None, source)]
    return np.isin(sessions, np.array(days, dtype="datetime64[D]"))


def broken_at(
    ticker: str, source: str, sessions: Times, ret: Floats, split: Floats, mask: Bools
) -> Mapping[int, PriceBreak]:
    """Return the breaks of one series by the position of their session; `split` has the splits of its source."""
    return {
        column: PriceBreak(
            ticker,
            source,
            sessions[column].item(),
            break_kind(float(ret[column]), float(split[column])),
            float(ret[column]),
            float(split[column]),
        )
        for column in np.flatnonzero(mask).tolist()
    }


def sentence(one: PriceBreak) -> str:
    """Return what is wrong with a price."""
    return f"{one.ticker} from {one.source} moves by {one.ret:+.1%} on {one.day}, like {one.kind.label.meaning}"


def cure(one: PriceBreak) -> str:
    """Return which keys of the configuration settle a break."""
    confirm = f"`corrections: [{{date: {one.day}, confirmed: true}}]` of the instrument if it is a move"
    split = f"`corrections: [{{date: {one.day}, split: {_shares(one):g}}}]`"
    if one.kind is BreakKind.UNIT:
        power = round(float(np.log10(1 + one.ret)))
        scale = f"`corrections: [{{from: {one.day}, scale: {10.0**-power:g}}}]`"
        return f"write {scale} (with `until` if it ended), or {confirm}"
    if one.kind is BreakKind.SPLIT_TWICE:
        return f"set `split_adjusted` of {one.source} to what its prices are, or write {split}, or {confirm}"
    if one.kind is BreakKind.SPLIT:
        return f"write {split}, give the source its splits, or {confirm}"
    return f"correct the source, or write {confirm}"


def _shares(one: PriceBreak) -> float:
    """Return the new shares per old one that would explain a jump, as a ratio of small numbers."""
    if one.kind is BreakKind.SPLIT_TWICE:  # the prices hold it already, or it was not applied
        return 1.0 if abs(np.log(one.split / (1 + one.ret))) < abs(np.log(one.split)) / 2 else one.split
    shares = 1 / (1 + one.ret)
    ratio = Fraction(shares if shares > 1 else 1 / shares).limit_denominator(2)
    return float(ratio) if shares > 1 else 1 / float(ratio)

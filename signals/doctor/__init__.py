"""What `signals doctor` looks at: checks that each read some facts and judge them, purely, into findings.

A check is a pair: how to read its facts from a program, and how to turn them into findings. To add one, write both in
the file of its subject and name them in `CHECKS`, in the order in which a reader should hear of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from signals.app import App
from signals.doctor import bars, derivation, machine
from signals.types import Finding

Facts = TypeVar("Facts")
Check = Callable[[App], Iterable[Finding]]


def _check(read: Callable[[App], Facts], judge: Callable[[Facts], Iterable[Finding]]) -> Check:
    """Return the check that reads facts and judges them."""
    return lambda app: judge(read(app))


CHECKS: tuple[Check, ...] = (
    _check(derivation.plan_changes, derivation.derived_otherwise),
    _check(derivation.unused_mics, derivation.other_sessions),
    _check(derivation.unused_markets, derivation.without_instruments),
    _check(machine.database_problems, machine.unsound),
    _check(machine.disk_space, machine.full),
    _check(machine.clock, machine.gone_back),
    _check(bars.market_days, bars.calendars),
    _check(bars.price_breaks, bars.held_back),
    _check(bars.disagreements, bars.sources_that_disagree),
    _check(bars.quarantine, bars.rejected_bars),
    _check(bars.askings, bars.sources_without_bars),
    _check(bars.currencies, bars.other_currencies),
)


def examine(app: App) -> list[Finding]:
    """Return the findings of every check; none says that there is nothing to do."""
    app.require_schema()
    return [finding for check in CHECKS for finding in check(app)]

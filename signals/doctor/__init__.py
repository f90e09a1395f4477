"""What `signals doctor` looks at: checks that each read some facts and judge them, purely, into findings.

A check is a pair: how to read its facts from a program, and how to turn them into findings. To add one, write both in
the file of its subject and name them in `CHECKS`, in the order in which a reader should hear of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from signals.app import App
from signals.doctor import bars, derivation, machine
from signals.types import Finding

Check = tuple[Callable[[App], Any], Callable[[Any], Iterable[Finding]]]

CHECKS: tuple[Check, ...] = (
    (derivation.plan_changes, derivation.derived_otherwise),
    (machine.database_problems, machine.unsound),
    (machine.disk_space, machine.full),
    (machine.clock, machine.gone_back),
    (bars.market_days, bars.calendars),
    (bars.disagreements, bars.sources_that_disagree),
    (bars.quarantine, bars.rejected_bars),
    (bars.askings, bars.sources_without_bars),
    (bars.currencies, bars.other_currencies),
)


def examine(app: App) -> list[Finding]:
    """Return the findings of every check; none says that there is nothing to do."""
    app.require_schema()
    return [finding for read, judge in CHECKS for finding in judge(read(app))]

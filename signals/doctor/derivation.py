"""Whether the rows of the store were derived by the configuration as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from signals.app import App
from signals.types import Finding

_MOST = 5


def plan_changes(app: App) -> Sequence[str]:
    """Return what the configuration changes of the plan that the store was derived by."""
    return app.plan_changes()


def derived_otherwise(changes: Sequence[str]) -> Iterable[Finding]:
    """Yield a finding if a change of the configuration waits for a rebuild."""
    if changes:
        names = ", ".join(changes[:_MOST]) + (f" and {len(changes) - _MOST} more" if len(changes) > _MOST else "")
        yield Finding(
            "configuration",
            f"changed since the rows were derived, which goes on by the earlier one: {names}",
            "run `signals rebuild` to apply the change to everything",
        )


def unused_mics(app: App) -> Mapping[str, str]:
    """Return the codes of markets, by ticker, that instruments were given and do not have the sessions of."""
    return app.config.unused_mics


def other_sessions(mics: Mapping[str, str]) -> Iterable[Finding]:
    """Yield which instruments are traded around the clock whatever exchange they were given."""
    for mic in sorted(set(mics.values())):
        tickers = [ticker for ticker, own in mics.items() if own == mic]
        names = ", ".join(tickers[:_MOST]) + (f" and {len(tickers) - _MOST} more" if len(tickers) > _MOST else "")
        yield Finding(
            names,
            f"crypto is traded around the clock: its sessions are whole days of UTC, and those of {mic} are not used",
            f"leave `mic` out there, or write `kind: etf` or `equity` for what is traded on {mic}",
        )


def unused_markets(app: App) -> Sequence[str]:
    """Return the entries of `markets:` that no instrument is in."""
    used = {instrument.mic for instrument in app.config.instruments}
    return [rules.mic for rules in app.config.markets if rules.mic not in used]


def without_instruments(mics: Sequence[str]) -> Iterable[Finding]:
    """Yield the entries of `markets:` that have no effect."""
    for mic in mics:
        yield Finding(f"markets.{mic}", "no instrument is in this market", "correct the code, or take the entry out")

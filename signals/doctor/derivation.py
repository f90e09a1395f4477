"""Whether the rows of the store were derived by the configuration as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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

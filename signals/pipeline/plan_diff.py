"""Two plans -> the names of the settings that differ: a run continues with the plan that its rows were derived by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from signals.pipeline import Plan


def plan_changes(stored: Plan, configured: Plan) -> list[str]:
    """Return what the configured plan changes of the stored one; empty where it would derive the same.

    The list follows from the fields of `Plan`: a new setting is compared without a line here.
    """
    changes: list[str] = []
    for setting in fields(Plan):
        before, after = getattr(stored, setting.name), getattr(configured, setting.name)
        label, key = setting.metadata["label"], setting.metadata["key"]
        if before != after:
            changes += [f"{label} {name}" for name in _changed(before, after, key)] if key else [label]
    return changes


def _changed(before: Iterable[object], after: Iterable[object], key: str) -> list[str]:
    """Return the keys of what was added, changed or removed; the order alone is no change."""
    old, new = ({str(getattr(one, key)): one for one in both} for both in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    return [name for name in names if old.get(name) != new.get(name)]

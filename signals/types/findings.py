"""Findings of `signals doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to do about the installation: where, what is wrong there, and what to do about it."""

    where: str
    problem: str
    advice: str

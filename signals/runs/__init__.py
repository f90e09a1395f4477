"""Runs: one run of the stages, the scheduler, and the notice of how a run ended."""

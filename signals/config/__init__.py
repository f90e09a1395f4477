"""config.yaml -> a frozen `Config`. An unknown key is an error that names its path."""

from signals.config.loader import example, load
from signals.config.plan_json import from_json, to_json
from signals.config.schema import DEFAULT_STAGES, Config, Job, Levels, Notify

__all__ = [
    "DEFAULT_STAGES", "Config", "Job", "Levels", "Notify", "example", "from_json", "load", "to_json",
]  # fmt: skip

"""config.yaml -> a frozen `Config`. An unknown key is an error that names its path."""

from signals.config.insertion import NotExtendableError, add_instruments, entry_lines
from signals.config.loader import example, load
from signals.config.markets import market_of
from signals.config.plan_json import from_json, to_json
from signals.config.schema import DEFAULT_STAGES, Config, Job, Levels, Notify
from signals.config.universe import UniverseSpec, read_universe

__all__ = [
    "DEFAULT_STAGES", "Config", "Job", "Levels", "NotExtendableError", "Notify", "UniverseSpec", "add_instruments",
    "entry_lines", "example", "from_json", "load", "market_of", "read_universe", "to_json",
]  # fmt: skip

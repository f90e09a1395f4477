"""What can go wrong, each error holding its values and composing its own sentence.

A sentence names the file, key or symbol and says what to do. Failures of one item are values (`signals.types.Refusal`,
`signals.types.Unscored`); the exceptions here end a command, or the reading of one source. No sentence has a password
or a key in it, whatever address its parts held.
"""

from signals.redacting import address_key, without_secrets


class SignalsError(Exception):
    """Anything that a user should read as one sentence instead of a traceback."""

    exit_code = 2

    def __init__(self, text: str) -> None:
        super().__init__(without_secrets(text))


class ConfigError(SignalsError):
    """The configuration cannot be used; `where` is the file and the path of the key."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = without_secrets(problem)


class UnknownNameError(SignalsError):
    """A ticker, link or study that the store does not have."""

    exit_code = 3

    def __init__(self, kind: str, name: str, hint: str) -> None:
        super().__init__(f"Nothing is known about the {kind} {name!r:.120}. {hint}")
        self.kind = kind
        self.name = name


class LockedError(SignalsError):
    """Another run holds the lock of this store."""

    exit_code = 4

    def __init__(self, lock: str) -> None:
        super().__init__(f"Another run holds {lock}. Wait for it to finish, or stop it, and run again.")
        self.lock = lock


class LostLockError(SignalsError):
    """The lock of this store was lost while a run worked; `how` says by what."""

    exit_code = 4

    def __init__(self, database: str, how: str) -> None:
        undone = "what the run had not committed is undone, because another run may have begun"
        super().__init__(f"{database}: the lock was lost ({how}); {undone}. Run again.")
        self.database = database
        self.how = how


class ClockError(SignalsError):
    """The clock shows an instant that cannot be, or did when an earlier run began."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"The clock {problem}: {advice}.")
        self.problem = problem
        self.advice = advice


class StoreError(SignalsError):
    """The database cannot be opened, is newer than the program, or cannot be written."""

    def __init__(self, database: str, problem: str) -> None:
        super().__init__(f"{database}: {problem}")
        self.database = database
        self.problem = problem


class SourceError(SignalsError):
    """A source gave nothing usable. The run goes on with the next source and ends with exit code 1.

    Attributes
    ----------
    source
        The source's name in the configuration.
    item
        The file, URL or symbol that was asked for.
    """

    exit_code = 1
    reason = "failed"

    def __init__(self, source: str, item: str, problem: str) -> None:
        super().__init__(f"{source}: {item}: {problem}")
        self.source = source
        self.item = address_key(item)
        self.problem = without_secrets(problem)

    def __reduce__(self) -> tuple[object, ...]:
        """Let another process send it: it is made anew of its values."""
        return type(self), (self.source, self.item, self.problem)


class GivenUpError(SourceError):
    """The item takes more time or memory than its size allows; it is not tried again as it is."""

    def __init__(self, source: str, item: str, problem: str, reason: str) -> None:
        super().__init__(source, item, problem)
        self.reason = reason


class NotFoundError(SourceError):
    """The source answered and does not know the item."""

    reason = "not_found"


class UnavailableError(SourceError):
    """The source could not be reached or did not answer in its own language; says nothing about the item.

    `retry_after` are the seconds for which it asked not to be asked again, 0 if it did not.
    """

    reason = "unavailable"

    def __init__(self, source: str, item: str, problem: str, retry_after: float = 0.0) -> None:
        super().__init__(source, item, problem)
        self.retry_after = retry_after


class RateLimitedError(UnavailableError):
    """The source refused for too many requests, also after the retries."""

    reason = "rate_limited"


class LeftAloneError(SourceError):
    """The host of the item is left alone for now, because of how it answered before."""

    reason = "left_alone"


class OverBudgetError(SourceError):
    """The item, its source or the run has spent the time, the bytes or the requests that it may."""

    reason = "over_budget"


class RefusedError(SourceError):
    """The item cannot be had, and another attempt would not change that."""

    reason = "unavailable"


class RangeUnavailableError(SourceError):
    """The source knows the item and does not serve this span or interval of it."""

    reason = "range_unavailable"


class UnreadableError(SourceError):
    """The item arrived and cannot be read as what it should be."""

    reason = "unreadable"


class TooLargeError(UnreadableError):
    """The item is larger than `max_bytes`."""

    reason = "too_large"


#: The distributions of the libraries that are optional, by the module that is imported.
OPTIONAL_LIBRARIES = {
    "matplotlib": "matplotlib",
    "openpyxl": "openpyxl",
    "psycopg": "psycopg[binary]",
    "pyarrow": "pyarrow",
}


def missing_library(purpose: str, module: str) -> str:
    """Return the sentence for a library that is needed and not installed.

    It names the library, never an extra of this project, which is on no package index: the distribution called
    ``signals`` there is another project.
    """
    distribution = OPTIONAL_LIBRARIES.get(module)
    action = f"run `pip install '{distribution}'`" if distribution else "install the distribution that provides it"
    return f"{purpose} needs {module}, which is not installed; {action}"


def sentence(error: BaseException) -> str:
    """Return what is said of an error: its own sentence, or the name of a bug with its text."""
    return str(error) if isinstance(error, SignalsError) else without_secrets(f"{type(error).__name__}: {error}")


def in_short(error: BaseException) -> str:
    """Return the kind and the text of an error in one short line; of one of a database without its statement."""
    words = str(getattr(error, "orig", None) or error).split()
    return without_secrets(f"{type(error).__name__}: {' '.join(words)[:300]}".removesuffix(": "))

"""Jump the clock between and within nights, and compare with nights under the right clock.

Usage: ``python benchmarks/clock_jumps.py [--trials 100] [--postgresql URL]``. Four nights on a SIMULATED world: each
brings articles and a session. The third night goes by a wrong clock, by minutes to years, ahead or behind, from its
beginning, until or from an instant within it. After that the clock is right.

A clock that shows an instant before the last run must stop the run with a sentence that names both instants and what to
do, and nothing may be written; where it was ahead before, `signals db repair-clock` must cure it. Then the rows must be
those of the nights under the right clock, but for instants, and which document was read last. A repair derives all
rows anew, and `car_shrunk` leans on when a move was scored, so after one it is compared once both are rebuilt. Exit
code 1 if not.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from benchmarks.kill import Postgresql, Sqlite, rows
from benchmarks.newsroom import Newsroom, create_newsroom, deliver_articles, write_prices
from signals.app import App, open_app
from signals.errors import ClockError
from signals.runs.run import rebuild, repair_clock, run
from signals.store.wall_clock import MOST_BACK, SLACK

NIGHTS = 4
AGAIN = timedelta(minutes=5)  # from the night under the wrong clock to the next attempt
JUMPS = (
    timedelta(minutes=3), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=20), timedelta(days=3),
    timedelta(days=40), timedelta(days=365), timedelta(days=5 * 365),
)  # fmt: skip
KINDS = ("ahead", "behind", "ahead, then set right within", "back within", "ahead within")
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Trial:
    """What the clock does in the third night, by how much, and after how many looks at it."""

    kind: str
    jump: timedelta
    looks: int

    def clock(self, now: datetime) -> Clock:
        """Return the wrong clock of a night that begins at `now`."""
        first, then = {
            "ahead": (self.jump, self.jump),
            "behind": (-self.jump, -self.jump),
            "ahead, then set right within": (self.jump, timedelta(0)),
            "back within": (timedelta(0), -self.jump),
            "ahead within": (timedelta(0), self.jump),
        }[self.kind]
        left = iter(range(self.looks))
        return lambda: now + (first if next(left, None) is not None else then)

    def may_stop(self, since_last: timedelta) -> bool:
        """Return whether the third night is to be stopped."""
        if self.kind == "behind":
            return self.jump > since_last + SLACK
        return self.kind in ("ahead, then set right within", "back within") and self.jump > MOST_BACK

    def needs_repair(self) -> bool:
        """Return whether what the third night learned is dated after the beginning of the next attempt."""
        return self.kind in ("ahead", "ahead, then set right within") and self.jump > AGAIN + SLACK


def write_nights(folder: Path) -> tuple[Newsroom, list[datetime]]:
    """Write what each night finds into folders of their own; returns the newsroom and when each night begins."""
    newsroom = create_newsroom(folder / "world", datetime.now(UTC).date(), 6, 120, ("0..0", "0..1", "0..5"))
    begins = []
    for night in range(NIGHTS):
        until = len(newsroom.sessions) - NIGHTS + night + 1
        write_prices(newsroom, until)
        deliver_articles(newsroom, f"night{night}", newsroom.sessions[until - 8 : until], 40)
        if night:
            correction = ", it turns out" * night
            deliver_articles(newsroom, "night0", newsroom.sessions[-8 - NIGHTS + 1 : -NIGHTS + 1], 40, correction)
        shutil.copytree(newsroom.folder, folder / f"night{night}")
        day = newsroom.sessions[until - 1] + timedelta(days=1)
        begins.append(datetime.combine(day, time(3, 30), UTC))
    return newsroom, begins


def app_of(newsroom: Newsroom, url: str, night: int, clock: Clock) -> App:
    """Return the program of a night, with what that finds in the place of what was there."""
    found = newsroom.folder.parent / f"night{night}"
    shutil.copytree(found, newsroom.folder, dirs_exist_ok=True)
    for file in (newsroom.folder / "wire").iterdir():
        if not (found / "wire" / file.name).exists():
            file.unlink()
    return open_app(newsroom.config, url, now=clock)


def do_night(newsroom: Newsroom, url: str, night: int, clock: Clock) -> str:
    """Do a night; returns the sentence that stopped it, if one did."""
    app = app_of(newsroom, url, night, clock)
    try:
        run(app, "nightly", app.now())
    except ClockError as error:
        return str(error)
    finally:
        app.store.engine.dispose()
    return ""


def at(now: datetime) -> Clock:
    """Return a clock that stands still."""
    return lambda: now


def jump(newsroom: Newsroom, url: str, begins: list[datetime], trial: Trial) -> list[str]:
    """Do the third night under a wrong clock and what a user is told to do about it; returns what went wrong."""
    now, wrong = begins[2], []
    before = rows(url)
    stopped = do_night(newsroom, url, 2, trial.clock(now))
    if bool(stopped) and not trial.may_stop(now - begins[1]):
        wrong.append(f"the night was stopped: {stopped}")
    if trial.kind == "behind" and trial.may_stop(now - begins[1]):
        wrong += [] if f"says {now - trial.jump:%Y-%m-%d %H:%M} UTC" in stopped else [f"it said: {stopped!r}"]
        wrong += [] if rows(url) == before else ["the stopped night wrote something"]
    again = now + AGAIN
    told = do_night(newsroom, url, 2, at(again))
    if trial.needs_repair() != bool(told):
        wrong.append(f"the next attempt said {told!r}")
    if told:
        wrong += [] if "run `signals db repair-clock`" in told else [f"no cure in: {told}"]
        app = app_of(newsroom, url, 2, at(again))
        wrong += [] if repair_clock(app)["runs"] else ["the repair found no run"]
        app.store.engine.dispose()
        said = do_night(newsroom, url, 2, at(again))
        wrong += [f"after the repair: {said}"] if said else []
    return wrong


def do_rebuild(newsroom: Newsroom, url: str, now: datetime) -> None:
    """Derive everything again after the last night."""
    app = app_of(newsroom, url, NIGHTS - 1, at(now + AGAIN))
    rebuild(app, None)
    app.store.engine.dispose()


def differing(expected: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return which tables differ."""
    return [f"{name} differs" for name in expected if after[name] != expected[name]]


def trials(databases: Sqlite | Postgresql, newsroom: Newsroom, begins: list[datetime], count: int, seed: int) -> int:
    """Jump and compare; returns how many trials went wrong."""

    def digests(url: str, leave_out: Collection[str] = ()) -> dict[str, str]:
        return {name: digest for name, digest in rows(url, leave_out).items() if name != "documents"}

    with databases.copy() as url:
        for night in (2, 3):
            do_night(newsroom, url, night, at(begins[night]))
        expected, shrunk_otherwise = digests(url), digests(url, {"car_shrunk"})
        do_rebuild(newsroom, url, begins[3])
        rebuilt = digests(url)
    print(", ".join(f"{name} {digest.split()[0]}" for name, digest in expected.items()))
    rng, tried, wrong = random.Random(seed), Counter[str](), 0
    for number in range(count):
        trial = Trial(KINDS[number % len(KINDS)], JUMPS[number // len(KINDS) % len(JUMPS)], rng.randint(3, 12))
        with databases.copy() as url:
            bad = jump(newsroom, url, begins, trial)
            last = do_night(newsroom, url, 3, at(begins[3]))
            bad += [f"the last night said: {last}"] if last else []
            if trial.needs_repair():
                bad += differing(shrunk_otherwise, digests(url, {"car_shrunk"}))
                do_rebuild(newsroom, url, begins[3])
                bad += differing(rebuilt, digests(url))
            else:
                bad += differing(expected, digests(url))
        tried[trial.kind] += 1
        if bad:
            wrong += 1
            print(f"trial {number}, {trial}: {'; '.join(bad)}")
    print(f"{count} jumps by minutes to years:", ", ".join(f"{times} {kind}" for kind, times in tried.items()))
    print(f"{count - wrong} of {count} ended in the rows of the right clock, with the right words")
    return wrong


def main() -> int:
    """Run the trials that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="other instants within the night")
    parser.add_argument("--postgresql", metavar="URL", help="a database of a server where databases may be created")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        newsroom, begins = write_nights(folder)
        databases = Postgresql(options.postgresql) if options.postgresql else Sqlite(folder)
        try:
            app = app_of(newsroom, databases.template, 0, at(begins[0]))
            app.store.upgrade()
            app.store.engine.dispose()
            for night in (0, 1):
                do_night(newsroom, databases.template, night, at(begins[night]))
            return int(trials(databases, newsroom, begins, options.trials, options.seed) > 0)
        finally:
            if isinstance(databases, Postgresql):
                databases.drop()


if __name__ == "__main__":
    sys.exit(main())

"""Run a command as a process of its own and measure it: wall time, CPU time and the peak of its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took, with its children: seconds, CPU seconds, MB at its peak, exit code, and what it said."""

    seconds: float
    cpu: float
    memory: float
    exit_code: int
    output: str

    def __str__(self) -> str:
        """Return the figures in one line, with the output if it failed."""
        figures = f"{self.seconds:8.1f} s  {self.cpu:8.1f} s of CPU  {self.memory:8.0f} MB  exit {self.exit_code}"
        return figures + (f"\n{self.output}" if self.exit_code else "")


# A process begins with the peak of the one that made it, so that a small one stands between.
_SMALL = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
figures = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)
os.write(int(sys.argv[1]), json.dumps(figures).encode())
"""


def measured(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run a command to its end."""
    reader, writer = os.pipe()
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-S", "-c", _SMALL, str(writer), *command],
        env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        pass_fds=(writer,), check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    os.close(writer)
    with os.fdopen(reader) as figures:
        cpu, memory, exit_code = json.load(figures)
    return Measured(seconds, cpu, memory, exit_code, done.stdout)

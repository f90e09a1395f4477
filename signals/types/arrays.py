"""Arrays of numbers, whole numbers and times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


Ints = NDArray[np.int64]


Times = NDArray[np.datetime64]

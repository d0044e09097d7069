"""What the passes are given: float64 or float32, by its shape."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating]
Matrix = NDArray[np.floating]
Indices = NDArray[np.intp]

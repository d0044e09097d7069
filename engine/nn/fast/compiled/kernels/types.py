"""What the kernels are given, by its shape. Numbers of single names are float64."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating]
Matrix = NDArray[np.floating]
Indices = NDArray[np.int64]

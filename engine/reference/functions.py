"""What the course's blocks share: types, activation functions, and a check of shapes."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Parameters: TypeAlias = dict[str, Array]
Gradients: TypeAlias = dict[str, Array]

_AT_MOST = "<= "


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)), computed as (1 + tanh(x / 2)) / 2, which never overflows."""
    return np.asarray((1 + np.tanh(x / 2)) / 2)


def softmax(x: Array) -> Array:
    """Return exp(x) / sum(exp(x)) down the columns of x (n, m)."""
    e_x = np.exp(x - np.max(x, axis=0))
    return np.asarray(e_x / e_x.sum(axis=0))


def require_shapes(shapes: Mapping[str, str], arrays: Mapping[str, Array]) -> None:
    """Raise an error unless the arrays fit together.

    Parameters
    ----------
    shapes : mapping of str
        Each array's shape in the course's words, such as "n_a, n_a + n_x" or "n_a, m, <= T_x".
        A size takes its value from the first array that has it.
    arrays : mapping of array
        By the same names. Other arrays are ignored.

    Raises
    ------
    ValueError
        If an array has another shape, or is empty. The message names the array, its shape, the
        expected shape, and the arrays from which that follows.
    """
    sizes: dict[str, tuple[int, str]] = {}
    for name, words in shapes.items():
        axes, shape = words.split(", "), np.shape(arrays[name])
        of_others = dict(sizes)
        fits = len(shape) == len(axes) and 0 not in shape
        if fits:
            fits = all(_fits(axis, n, name, sizes) for axis, n in zip(axes, shape, strict=True))
        if not fits:
            values = [
                f"{size} = {n} as in {other}"
                for size, (n, other) in of_others.items()
                if size in words.replace(",", "").split()
            ]
            known = f" with {', '.join(values)}" if values else ""
            raise ValueError(f"{name} must have the shape ({words}){known}, got {shape}.")


def _fits(axis: str, n: int, name: str, sizes: dict[str, tuple[int, str]]) -> bool:
    """Return whether an axis may have n entries; a size that is not known yet is set."""
    rest, unknown = n, None
    for term in axis.removeprefix(_AT_MOST).split(" + "):
        if term in sizes:
            rest -= sizes[term][0]
        elif term.isdigit():
            rest -= int(term)
        else:
            unknown = term
    if unknown is not None:
        sizes[unknown] = (rest, name)
        return rest >= 1
    return rest <= 0 if axis.startswith(_AT_MOST) else rest == 0

"""Kinds of names: a network that is told the kind, at one kind or at a blend of several.

Such a network adds K[kind] to the pre-activations of each layer at every step:
z<t> = U a<t-1> + V x<t> + b + K[kind]. So at a given kind it is a network with other biases, and a
blend of kinds is a weighted sum of their rows of K.
"""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.nn.parameters import Parameters

Blend = NDArray[np.float64]
"""(n_kinds,), the weight of each kind; their sum is 1."""

_SHOWN = 30
"""The most kinds that a message lists."""


class BlendError(ValueError):
    """Kinds or weights cannot be blended. The message is a sentence for people."""


def blend_of(titles: Sequence[str], weights: Mapping[str, float]) -> Blend:
    """Return a blend of some kinds; all others have a weight of 0.

    Parameters
    ----------
    titles : sequence of str
        All kinds of the network, in their order.
    weights : mapping of str to float
        Titles of kinds, and how much of each: finite, 0 or more, not all 0. They need not sum to 1.

    Raises
    ------
    BlendError
        If a kind is unknown, or a weight cannot be one.
    """
    if not titles:
        raise BlendError("This network knows no kinds. Train one with kinds first.")
    found = [0.0] * len(titles)  # Python's floats overflow without a warning
    for title, weight in weights.items():
        if not (math.isfinite(weight) and weight >= 0):
            raise BlendError(
                f"The weight of “{title}” is {weight:g}. A weight must be a number of 0 or more."
            )
        found[_place_of(title, titles)] += weight
    total = sum(found)
    if not total > 0:
        raise BlendError("All weights are 0. At least one kind needs a weight above 0.")
    if not math.isfinite(total):
        raise BlendError("The weights are too large to be added up. Choose smaller ones.")
    return np.array(found) / total


def even_blend(n_kinds: int) -> Blend:
    """Return the blend of all kinds alike."""
    return np.full(n_kinds, 1 / n_kinds)


def of_blend(parameters: Parameters, blend: Blend) -> Parameters:
    """Return the network that a network is at a blend of kinds: b + blend K in place of b.

    It is read-only, and its architecture has no kinds.

    Parameters
    ----------
    parameters : Parameters
        Of a network that is told kinds.
    blend : (n_kinds,) array

    Raises
    ------
    ValueError
        If the network is not told kinds, or not as many.
    """
    architecture = parameters.architecture
    if architecture.task != "write" or blend.shape != (architecture.n_kinds,):
        raise ValueError(
            f"blend must have a weight for each of {architecture.n_kinds} kinds that the network "
            f"is told, got {blend.shape}."
        )
    plain = Parameters(replace(architecture, n_kinds=0))
    # The arrays of a network without kinds come first, in the same order.
    plain.flat[:] = parameters.flat[: plain.flat.size]
    for layer, told in zip(plain.layers, parameters.layers, strict=True):
        assert told.K is not None
        layer.b[:] += blend.astype(told.K.dtype) @ told.K
    plain.flat.flags.writeable = False
    return Parameters(plain.architecture, plain.flat)


def _place_of(title: str, titles: Sequence[str]) -> int:
    """Return the place of a kind; capitals need not agree."""
    if title in titles:
        return titles.index(title)
    folded = [each.casefold() for each in titles]
    if title.strip().casefold() in folded:
        return folded.index(title.strip().casefold())
    near = difflib.get_close_matches(title.strip().casefold(), folded, n=1)
    advice = f" Is it “{titles[folded.index(near[0])]}”?" if near else ""
    shown = ", ".join(titles[:_SHOWN]) + (", …" if len(titles) > _SHOWN else "")
    raise BlendError(f"The network knows no kind “{title:.100}”.{advice} It knows these: {shown}.")

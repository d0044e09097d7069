"""Clipping and the optimisers of `engine.nn.optimizers`, each in one pass over the parameters."""

import math
from typing import Any, NamedTuple

import numpy as np

from engine.nn.fast.compiled.kernels.jit import loops, sums, uncounted_entry
from engine.nn.fast.compiled.kernels.types import Vector
from engine.nn.optimizers import BETA1, BETA2, EPSILON, RMS_BETA

NO_CLIPPING, CLIP_ENTRIES, CLIP_NORM = 0, 1, 2
SGD, MOMENTUM, RMSPROP, ADAGRAD, ADAM = 0, 1, 2, 3, 4

RULES = {
    "SGD": SGD,
    "Momentum": MOMENTUM,
    "RMSprop": RMSPROP,
    "Adagrad": ADAGRAD,
    "Adam": ADAM,
    "AdamW": ADAM,
}
"""By the names of the classes in `engine.nn.optimizers`."""


class Rule(NamedTuple):
    """How gradients change parameters, besides the learning rate.

    Attributes
    ----------
    optimizer : int
        Such as `SGD`.
    clipping : int
        Such as `NO_CLIPPING`.
    clip : float
        The bound of entries, or of the norm.
    decay : float
        The L2 penalty that shrinks the parameters directly, times the learning rate.
    l2 : float
        The L2 penalty that is added to the gradient.
    v, s : (n,) arrays
        The moments; empty where the optimizer keeps none. One that keeps one has it in `v`.
    """

    optimizer: int
    clipping: int
    clip: float
    decay: float
    l2: float
    v: Vector
    s: Vector


@loops
def update(p: Vector, g: Vector, rule: Rule, rate: float, k: int) -> None:
    """Clip the gradient, and make a step.

    Parameters
    ----------
    p : (n,) array
        The parameters. Changed.
    g : (n,) array
        The gradient. Overwritten.
    rule : Rule
    rate : float
        The learning rate.
    k : int
        Steps of the optimizer, this one included.
    """
    _clip(g, rule.clipping, rule.clip)
    if rule.decay:
        shrink = 1.0 - rate * rule.decay
        for i in range(len(p)):
            p[i] *= shrink
    elif rule.l2:
        for i in range(len(p)):
            g[i] += rule.l2 * p[i]
    if rule.optimizer == SGD:
        for i in range(len(p)):
            p[i] -= rate * g[i]
    elif rule.optimizer == MOMENTUM:
        _momentum(p, g, rule.v, rate)
    elif rule.optimizer == RMSPROP:
        _rmsprop(p, g, rule.v, rate)
    elif rule.optimizer == ADAGRAD:
        _adagrad(p, g, rule.v, rate)
    else:
        _adam(p, g, rule.v, rule.s, rate, k)


@uncounted_entry
def update_once(p: Vector, g: Vector, rule: Rule, rate: float, k: int) -> None:
    """Do what `update` does, called by Python after a batch."""
    update(p, g, rule, rate, k)


def examples() -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the functions that Python calls, each with arguments of types it is compiled for."""
    found: list[tuple[Any, tuple[Any, ...]]] = []
    for dtype in (np.float64, np.float32):
        v: Any = np.empty(0, dtype)
        found.append((update_once, (v, v, Rule(SGD, NO_CLIPPING, 0.0, 0.0, 0.0, v, v), 0.0, 0)))
    return found


@sums
def _clip(g: Vector, clipping: int, clip: float) -> None:
    if clipping == CLIP_ENTRIES:
        for i in range(len(g)):
            x = clip if g[i] > clip else g[i]  # written so that a NaN stays one
            g[i] = -clip if x < -clip else x
    elif clipping == CLIP_NORM:
        squares = 0.0
        for i in range(len(g)):
            squares += g[i] * g[i]
        norm = math.sqrt(squares)
        if norm > clip:
            scale = clip / norm
            for i in range(len(g)):
                g[i] *= scale


@loops
def _momentum(p: Vector, g: Vector, v: Vector, rate: float) -> None:
    for i in range(len(p)):
        v[i] = BETA1 * v[i] + g[i]
        p[i] -= rate * v[i]


@loops
def _rmsprop(p: Vector, g: Vector, s: Vector, rate: float) -> None:
    for i in range(len(p)):
        s[i] = RMS_BETA * s[i] + (1.0 - RMS_BETA) * g[i] * g[i]
        p[i] -= rate * g[i] / (math.sqrt(s[i]) + EPSILON)


@loops
def _adagrad(p: Vector, g: Vector, s: Vector, rate: float) -> None:
    for i in range(len(p)):
        s[i] += g[i] * g[i]
        p[i] -= rate * g[i] / (math.sqrt(s[i]) + EPSILON)


@loops
def _adam(p: Vector, g: Vector, v: Vector, s: Vector, rate: float, k: int) -> None:
    of_s = 1 / math.sqrt(1.0 - BETA2**k)
    rate /= 1.0 - BETA1**k
    for i in range(len(p)):
        v[i] = BETA1 * v[i] + (1.0 - BETA1) * g[i]
        s[i] = BETA2 * s[i] + (1.0 - BETA2) * g[i] * g[i]
        p[i] -= rate * v[i] / (math.sqrt(s[i]) * of_s + EPSILON)

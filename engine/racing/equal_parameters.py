"""Widths for a number of parameters, so that networks of different cells can be compared."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN, Architecture
from engine.racing.lane import Lane

_WIDEST = range(MIN_HIDDEN, MAX_HIDDEN + 1)
"""The widths that the widest layer can have."""


def widths_near(n_parameters: int, architecture: Architecture) -> tuple[int, ...]:
    """Return the widths with which a network comes closest to a number of parameters.

    The widths of several layers keep their proportions.

    Parameters
    ----------
    n_parameters : int
    architecture : Architecture
        The network with other widths.

    Raises
    ------
    ValueError
        If even the smallest network has more parameters, or the largest has fewer.
    """
    least, most = _range(architecture)
    if not least <= n_parameters <= most:
        layers = "one layer" if len(architecture.widths) == 1 else "these layers"
        raise ValueError(
            f"A network of {architecture.cell} cells in {layers} has {least:,} to {most:,} "
            f"parameters, got {n_parameters:,}."
        )
    above = bisect_left(_WIDEST, n_parameters, key=lambda widest: _count(architecture, widest))
    near = _WIDEST[max(above - 1, 0) : above + 1]
    widest = min(near, key=lambda widest: abs(_count(architecture, widest) - n_parameters))
    return _scaled(architecture.widths, widest)


def common_count(n_parameters: int, architectures: Iterable[Architecture]) -> int:
    """Return the number of parameters nearest to a given one that all networks can have."""
    ranges = [_range(each) for each in architectures]
    least, most = max(low for low, _ in ranges), min(high for _, high in ranges)
    return max(min(n_parameters, most), least)


def at_equal_parameters(
    lanes: Sequence[Lane], n_symbols: int, n_parameters: int, n_kinds: int = 0
) -> tuple[Lane, ...]:
    """Return lanes whose networks come closest to a number of parameters.

    Parameters
    ----------
    lanes : sequence of Lane
    n_symbols : int
        Size of the vocabulary.
    n_parameters : int
    n_kinds : int
        Kinds of names.

    Raises
    ------
    ValueError
        As in `widths_near`.
    """
    return tuple(
        lane.changed(widths=widths_near(n_parameters, lane.architecture(n_symbols, n_kinds)))
        for lane in lanes
    )


def _range(architecture: Architecture) -> tuple[int, int]:
    """Return the least and the largest number of parameters that a network can have."""
    return _count(architecture, _WIDEST[0]), _count(architecture, _WIDEST[-1])


def _count(architecture: Architecture, widest: int) -> int:
    """Return the number of parameters at a width of the widest layer; it grows with the width."""
    return replace(architecture, widths=_scaled(architecture.widths, widest)).n_parameters


def _scaled(widths: tuple[int, ...], widest: int) -> tuple[int, ...]:
    """Return widths in the same proportions, the largest of which is `widest`."""
    most = max(widths)
    return tuple(max(round(width * widest / most), MIN_HIDDEN) for width in widths)

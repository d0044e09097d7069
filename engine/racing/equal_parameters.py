"""Widths for a number of parameters, so that networks of different cells can be compared."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN, Architecture
from engine.racing.lane import Lane


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
    counts = _counts(architecture)
    least, most = min(counts.values()), max(counts.values())
    if not least <= n_parameters <= most:
        layers = "one layer" if len(architecture.widths) == 1 else "these layers"
        raise ValueError(
            f"A network of {architecture.cell} cells in {layers} has {least:,} to {most:,} "
            f"parameters, got {n_parameters:,}."
        )
    return min(counts, key=lambda widths: abs(counts[widths] - n_parameters))


def common_count(n_parameters: int, architectures: Iterable[Architecture]) -> int:
    """Return the number of parameters nearest to a given one that all networks can have."""
    ranges = [_counts(each).values() for each in architectures]
    least, most = max(map(min, ranges)), min(map(max, ranges))
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


def _counts(architecture: Architecture) -> dict[tuple[int, ...], int]:
    """Return the numbers of parameters by the widths that a network can have."""
    return {
        widths: replace(architecture, widths=widths).n_parameters
        for widths in (
            _scaled(architecture.widths, widest) for widest in range(MIN_HIDDEN, MAX_HIDDEN + 1)
        )
    }


def _scaled(widths: tuple[int, ...], widest: int) -> tuple[int, ...]:
    """Return widths in the same proportions, the largest of which is `widest`."""
    most = max(widths)
    return tuple(max(round(width * widest / most), MIN_HIDDEN) for width in widths)

"""What drives a hidden unit: the places in the data where its activation is extreme."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.visible_symbols import visible
from engine.data.vocabulary import END, EncodedNames, Vocabulary
from engine.insight.reading import quantity_names, read
from engine.insight.results import count_not_finite, read_only
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Array, Parameters
from engine.training.messages import Snapshot

WORK = 10**10
"""Multiplications to spend: one to two seconds."""

MOST_NAMES = 3_000
LONGEST = 500
"""Symbols of a name that are read."""

_BATCH_SYMBOLS = 4_096
"""Symbols in a batch: bounds the memory, and fills the cache."""

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Driver:
    """A place in the data.

    Attributes
    ----------
    name : int
        Index of the name; of several names with the same prefix, the first.
    position : int
        How many of its letters have been read; 0 is the start, where x<1> = 0.
    read, rest : str
        The prefix that has been read, and the rest of the name without its END.
    activation : float
        The unit's value there.
    """

    name: int
    position: int
    read: str
    rest: str
    activation: float


@dataclass(frozen=True)
class Drivers:
    """What drives one unit.

    Attributes
    ----------
    up, down : tuple of Driver
        The highest activations first, and the lowest first; each prefix once. Infinities and NaN
        are left out.
    mean_by_symbol : (n_symbols,) array
        Mean activation directly after each symbol; NaN if it was never read. Read-only.
    reads_by_symbol : (n_symbols,) array
        How often each symbol was read. Read-only.
    at_start : float
        The activation before any letter has been read.
    names_read, names_given : int
        Of too many names, some are read, spread evenly over the list.
    symbols_read : int
        Number of activations, over all names.
    not_finite : int
        How many of them are infinite or NaN.
    """

    up: tuple[Driver, ...]
    down: tuple[Driver, ...]
    mean_by_symbol: Array
    reads_by_symbol: Indices
    at_start: float
    names_read: int
    names_given: int
    symbols_read: int
    not_finite: int


def drivers(
    snapshot: Snapshot,
    names: EncodedNames,
    layer: int,
    unit: int,
    what: str = "a",
    count: int = 10,
    work: int = WORK,
) -> Drivers:
    """Find the places where a unit's activation is highest and lowest, in the network's own type.

    Parameters
    ----------
    snapshot : Snapshot
    names : EncodedNames
        At least one, of the snapshot's vocabulary. The first `LONGEST` symbols of each are read.
    layer : int
        1 is the lowest.
    unit : int
        0 is the first.
    what : str
        One of `quantity_names` of the cell.
    count : int
        Places to find at either end, 1 or more.
    work : int
        The most multiplications to spend; at least one name is read.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    parameters = snapshot.parameters
    _check(parameters, names, layer, unit, what, count)
    chosen = _choose(parameters, names, layer, work)
    # Longest first, as a batch has them, so that each row can be assigned to its name.
    chosen = chosen[np.argsort(-names.lengths[chosen], kind="stable")]
    shortened = _shorten(names, chosen)
    pieces = []
    with np.errstate(all="ignore"):
        for first, batch in _batches(shortened):
            values = read(parameters, batch, layer)[layer - 1].quantities[what][:, unit]
            rows, positions = _places(batch)
            pieces.append((chosen[first + rows], positions, batch.inputs, values))
        name, position, symbol, value = map(np.concatenate, zip(*pieces, strict=True))
        in_order = np.lexsort((position, name))
        found = _Activations(*(column[in_order] for column in (name, position, symbol, value)))
        mean, reads = found.by_symbol(len(snapshot.vocabulary))
    return Drivers(
        up=found.highest(names, snapshot.vocabulary, count, 1),
        down=found.highest(names, snapshot.vocabulary, count, -1),
        mean_by_symbol=read_only(mean),
        reads_by_symbol=reads,
        at_start=float(found.value[0]),
        names_read=len(chosen),
        names_given=len(names),
        symbols_read=len(value),
        not_finite=count_not_finite(value),
    )


@dataclass(frozen=True)
class _Activations:
    """A unit's activations, name by name: the name, the position in it, the symbol, the value."""

    name: Indices
    position: Indices
    symbol: Indices
    value: Array

    def by_symbol(self, n_symbols: int) -> tuple[Array, Indices]:
        """Return each symbol's mean activation, and how often it was read: (n_symbols,) each."""
        read = self.symbol != NO_SYMBOL
        sums = np.bincount(self.symbol[read], self.value[read], n_symbols)
        reads = np.bincount(self.symbol[read], minlength=n_symbols)
        reads.flags.writeable = False
        return sums / reads, reads

    def highest(
        self, names: EncodedNames, vocabulary: Vocabulary, count: int, sign: int
    ) -> tuple[Driver, ...]:
        """Return the highest activations, or the lowest if `sign` is -1; each prefix once."""
        finite = np.flatnonzero(np.isfinite(self.value))
        ranked = finite[np.argsort(-sign * self.value[finite], kind="stable")]
        found: dict[bytes, Driver] = {}
        for row in ranked:
            index, position = int(self.name[row]), int(self.position[row])
            name = names[index]
            prefix = name[:position].tobytes()
            if prefix not in found:
                read, rest = _spelled(vocabulary, name, position)
                found[prefix] = Driver(index, position, read, rest, float(self.value[row]))
                if len(found) == count:
                    break
        return tuple(found.values())


def _spelled(vocabulary: Vocabulary, name: Indices, position: int) -> tuple[str, str]:
    """Return what was read of a name up to a place, and the rest without the end."""
    if not vocabulary.spells_notes:
        read, rest = vocabulary.decode(name[:position]), vocabulary.decode(name[position:])
        return read, rest.removesuffix(END)
    symbols = [visible(vocabulary.symbols[index]) for index in name]
    read, whole = " ".join(symbols[:position]), " ".join(symbols)
    return read, whole.removeprefix(read)


def _check(
    parameters: Parameters, names: EncodedNames, layer: int, unit: int, what: str, count: int
) -> None:
    """Raise a ValueError if an argument of `drivers` is out of range."""
    architecture = parameters.architecture
    if not len(names):
        raise ValueError("names must hold at least one name, got none.")
    if not 1 <= layer <= len(architecture.widths):
        raise ValueError(f"layer must lie from 1 to {len(architecture.widths)}, got {layer!r}.")
    width = architecture.widths[layer - 1]
    if not 0 <= unit < width:
        raise ValueError(f"unit must lie from 0 to {width - 1}, got {unit!r}.")
    allowed = quantity_names(architecture.cell)
    if what not in allowed:
        raise ValueError(f"what must be one of {', '.join(allowed)}, got {what!r}.")
    if count < 1:
        raise ValueError(f"count must be 1 or more, got {count!r}.")


def _choose(parameters: Parameters, names: EncodedNames, layer: int, work: int) -> Indices:
    """Return indices of names to read: as many as `work` allows, spread evenly over the list."""
    lengths = np.minimum(names.lengths, LONGEST)
    per_symbol = sum(block.W.size for block in parameters.layers[:layer])
    affordable = max(int(work / (per_symbol * lengths.mean())), 1)
    count = min(len(names), MOST_NAMES, affordable)
    return np.linspace(0, len(names) - 1, count).astype(np.intp)


def _shorten(names: EncodedNames, chosen: Indices) -> EncodedNames:
    pieces = [names[int(index)][:LONGEST] for index in chosen]
    return EncodedNames(np.concatenate(pieces), np.cumsum([0, *map(len, pieces)]))


def _batches(names: EncodedNames) -> Iterator[tuple[int, Packed]]:
    """Yield batches of names, which come longest first, each with the index of its first name."""
    first = 0
    while first < len(names):
        last = np.searchsorted(names.bounds, names.bounds[first] + _BATCH_SYMBOLS, "right") - 1
        last = max(int(last), first + 1)
        yield first, Packed.of(names, np.arange(first, last))
        first = last


def _places(batch: Packed) -> tuple[Indices, Indices]:
    """Return for each row its name in the batch, and how many letters have been read."""
    rows = [step.stop - step.start for step in batch.steps]
    positions = np.repeat(np.arange(len(rows)), rows)
    return np.concatenate([np.arange(count) for count in rows]), positions

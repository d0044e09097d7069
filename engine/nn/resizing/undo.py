"""Undo a change of the network: what it took away is restored beside what was learned since."""

import itertools
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.classifier import loss_of_kinds
from engine.nn.network import loss_of_names
from engine.nn.parameters import Parameters
from engine.nn.resizing.layers import fit_output, with_layers
from engine.nn.resizing.widths import Indices, Resized, layers_of, select

MAX_BYTES = 100_000_000
"""Memory for earlier networks, in all; the earliest are dropped first, the latest never."""

Units = tuple[tuple[int, ...], ...]
"""The number of each unit of each layer, in the order of `layers_of`.

It is never used again for another unit of the run.
"""


@dataclass(frozen=True)
class Resizing:
    """A change of widths or layers, or of the whole network, with what is needed to undo it.

    Attributes
    ----------
    before, after : Parameters
        Read-only copies from just before and just after it.
    before_units, after_units : Units
    """

    before: Parameters
    after: Parameters
    before_units: Units
    after_units: Units

    @property
    def n_bytes(self) -> int:
        """Memory of both copies, in bytes."""
        return self.before.flat.nbytes + self.after.flat.nbytes

    @property
    def removes_layers(self) -> bool:
        """Whether there are fewer layers after it."""
        return len(self.after.layers) < len(self.before.layers)

    def then(self, later: "Resizing") -> "Resizing":
        """Return this change and the one that followed it as one.

        Undoing it is the same as undoing the later one and then this one, as both are sums: what
        was before, plus what was learned since.
        """
        together = restore(later.before, later.before_units, self)
        return Resizing(
            together.resized.parameters.frozen_copy(),
            later.after,
            together.units,
            later.after_units,
        )


@dataclass(frozen=True)
class Restored:
    """A network with what a change had taken away from it.

    Attributes
    ----------
    resized : Resized
        First the units from before the change, then those that have been added since. Its origins
        are indices in the present network.
    units : Units
    """

    resized: Resized
    units: Units


@dataclass(frozen=True)
class _Sources:
    """Where the units of a restored layer come from: indices in three networks, or -1.

    Attributes
    ----------
    now : (n_a,) array of int
        In the present network; -1 for a unit that comes back.
    before, after : (n_a,) array of int
        In the networks just before and just after the change. Both are -1 for a unit that has been
        added since, `after` also for a unit that comes back.
    units : tuple of int
    """

    now: Indices
    before: Indices
    after: Indices
    units: tuple[int, ...]


def restore(parameters: Parameters, units: Units, change: Resizing) -> Restored:
    """Restore what a change has taken away: weight = before + (now - after).

    The sum holds for all weights between units that existed before the change and exist now: what
    they were, plus what they have learned since. So a network that has learned nothing since is
    restored to the last bit, and what the other units had taken over from pruned ones is taken out
    again. Units that have been added since keep their weights; between them and the restored ones
    the weights are zero.

    Layers that have no unit in common with those before the change are replaced, and so is the
    output layer above them: they come back as they were. So an added layer is taken away again, and
    a removed one comes back, while the layers below keep what they have learned.

    Parameters
    ----------
    parameters : Parameters
        The present ones.
    units : Units
        Their units.
    change : Resizing
    """
    sources = _sources(units, change)
    now_of, before_of, after_of = (
        tuple(getattr(layer, network) for layer in sources)
        for network in ("now", "before", "after")
    )
    n_directions = change.before.architecture.n_directions
    known = itertools.takewhile(lambda layer: (layer.after >= 0).any(), sources)
    common = sum(1 for _ in known) // n_directions
    keeps_output = common == len(parameters.layers) == len(change.before.layers)
    learned, changed = parameters, change.after
    if not (keeps_output and common == len(change.after.layers)):
        above = change.before.architecture.widths[common:]
        learned, changed = (with_layers(each, common, above) for each in (learned, changed))
    was = select(change.before, before_of)
    difference = select(learned, now_of).flat - select(changed, after_of).flat
    # Where `was` holds nothing, a unit has been added: there the present weights stay.
    is_old = _mask(change.before, before_of)
    together = np.where(is_old, was.flat + difference, select(learned, now_of).flat)
    restored = Resized(Parameters(was.architecture, together), now_of)
    return Restored(restored, tuple(layer.units for layer in sources))


def _sources(units: Units, change: Resizing) -> list[_Sources]:
    """Return the sources of each layer of the restored network."""
    found: list[_Sources] = []
    n_common = _n_common(units, change)
    for place, before in enumerate(change.before_units):
        now = units[place] if place < n_common else ()
        after = change.after_units[place] if place < n_common else ()
        all_units = (*before, *(unit for unit in now if unit not in {*before}))
        now_of, after_of = _indices(all_units, now), _indices(all_units, after)
        before_of = _indices(all_units, before)
        # A unit that this change has pruned, and that has come back since, is a new one here.
        before_of[(now_of >= 0) & (after_of < 0)] = -1
        after_of[(now_of < 0) | (before_of < 0)] = -1
        found.append(_Sources(now_of, before_of, after_of, all_units))
    return found


def _n_common(units: Units, change: Resizing) -> int:
    """Return how many of the lowest layers have units that have been there all the time.

    Layers are counted in both directions. A layer of which one direction has none counts as none.
    """
    count = 0
    for three in zip(change.before_units, units, change.after_units, strict=False):
        before, now, after = map(set, three)
        if not before & now & after:
            break
        count += 1
    return count - count % change.before.architecture.n_directions


def _indices(units: Sequence[int], among: Sequence[int]) -> Indices:
    """Return the index of each unit among others, or -1."""
    places = {unit: place for place, unit in enumerate(among)}
    return np.array([places.get(unit, -1) for unit in units], dtype=np.intp)


def _mask(parameters: Parameters, origins: tuple[Indices, ...]) -> NDArray[np.bool_]:
    """Return where a selection holds weights of existing units, and not zeros for new ones."""
    ones = Parameters(parameters.architecture)
    ones.flat[:] = 1.0
    mask: NDArray[np.bool_] = select(ones, origins).flat > 0
    return mask


def _with_better_output(restored: Restored, present: Parameters, probe: EncodedNames) -> Restored:
    """Fit the output layer to the present network, unless that would raise the loss."""
    found = restored.resized.parameters
    fitted = found.copy()
    fit_output(fitted, present, probe)
    losses = [_loss(each, probe) for each in (found, fitted)]
    if not losses[1] < losses[0]:
        return restored
    return Restored(Resized(fitted, restored.resized.origins), restored.units)


def _loss(parameters: Parameters, probe: EncodedNames) -> float:
    """Return the mean loss of a network that writes, or that tells kinds, over `probe`."""
    if parameters.architecture.task == "tell":
        return loss_of_kinds(parameters, probe).nats_per_name
    return loss_of_names(parameters, probe).nats_per_character


class Resizings:
    """The changes of the network that can be undone, by their place in the record.

    Changes under the same mark become one, as the steps of a dragged slider should.

    Parameters
    ----------
    max_bytes : int
        Bound of the memory for all changes; the latest is kept even if it is larger.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._noted: OrderedDict[int, Resizing] = OrderedDict()
        self._places: dict[int, int] = {}  # by mark
        self._next_number = 0
        self._units: Units = ()  # numbered at the first change

    def copy(self) -> "Resizings":
        """Return a copy that later changes of this one do not reach."""
        copied = Resizings(self._max_bytes)
        copied._noted = self._noted.copy()
        copied._places = self._places.copy()
        copied._next_number, copied._units = self._next_number, self._units
        return copied

    def place_of(self, mark: int, here: int, *, undo: bool = False) -> int:
        """Return the place in the record where the change under a mark began.

        A place means the same when the run is repeated from its record, even if the run was saved
        and resumed on the way and a mark was used again.

        Parameters
        ----------
        mark : int
            Chosen by the caller, the same for all steps of one change.
        here : int
            The present place, returned if the change can no longer be undone, or if it is to be
            continued and another one has followed it.
        undo : bool
            Whether the change is to be undone, and not to be continued.
        """
        place = self._places.get(mark, here)
        known = self._noted.get(place)
        if known is None or not (undo or self._can_continue(known)):
            place = self._places[mark] = here
        return place

    def restore(
        self, place: int | None, parameters: Parameters, probe: EncodedNames
    ) -> Restored | None:
        """Restore what the change at a place has taken away from the present network.

        If that takes an added layer away, the output layer from before it may no longer suit the
        layers below, which have learned since. Then it is fitted to what the network computes now.

        Parameters
        ----------
        place : int or None
        parameters : Parameters
            The present ones.
        probe : EncodedNames
            Names to compare and to fit output layers by.

        Returns
        -------
        Restored or None
            None if the change is not known, or nothing is missing.
        """
        known = None if place is None else self._noted.get(place)
        if known is None:
            return None
        is_shaped_alike = len(known.before_units) == len(self._units)
        if is_shaped_alike and all(
            {*before} <= {*now} for before, now in zip(known.before_units, self._units, strict=True)
        ):
            return None
        restored = restore(parameters, self._units, known)
        if known.removes_layers or is_shaped_alike or not restored.resized.keeps_output:
            return restored
        has_learned = not np.array_equal(parameters.flat, known.after.flat)
        return _with_better_output(restored, parameters, probe) if has_learned else restored

    def note(
        self,
        place: int | None,
        before: Parameters,
        resized: Resized,
        restored: Restored | None = None,
        *,
        undo: bool = False,
    ) -> None:
        """Remember a change.

        Parameters
        ----------
        place : int or None
            Where it began; None if it is not to be undone.
        before : Parameters
        resized : Resized
            What became of `before` or, if there is one, of the restored network.
        restored : Restored, optional
            The result of `restore`, if the change has begun with it.
        undo : bool
            Whether it undoes the change at its place, and replaces it; else it continues that
            change if there is one.
        """
        new = [np.full(layer.n_a, -1) for layer in layers_of(before)]
        before_units = self._units or self._numbered(new, ())
        self._units = self._numbered(resized.origins, restored.units if restored else before_units)
        if place is None:
            return
        copies = before.frozen_copy(), resized.parameters.frozen_copy()
        change = Resizing(*copies, before_units, self._units)
        known = self._noted.get(place)
        if known is not None and not undo:
            change = known.then(change)
        self._noted[place] = change
        self._noted.move_to_end(place)
        while len(self._noted) > 1 and self._n_bytes > self._max_bytes:
            self._noted.popitem(last=False)

    def _can_continue(self, known: Resizing) -> bool:
        """Whether the next change can become one with a known change."""
        return known.after_units == self._units and not known.removes_layers

    def _numbered(self, origins: Sequence[Indices], before: Units) -> Units:
        """Return the numbers of units that were at `origins` before; new ones get new numbers."""
        return tuple(
            tuple(
                before[layer][place] if place >= 0 else self._new_number()
                for place in origin.tolist()
            )
            for layer, origin in enumerate(origins)
        )

    def _new_number(self) -> int:
        self._next_number += 1
        return self._next_number - 1

    @property
    def _n_bytes(self) -> int:
        return sum(change.n_bytes for change in self._noted.values())

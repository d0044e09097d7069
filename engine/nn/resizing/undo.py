"""Undo a narrowing: pruned units are restored beside what the network has learned since."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Indices, Resized, select

MAX_BYTES = 20_000_000
"""Memory for earlier widths, in all; the earliest are dropped first, the latest never."""


@dataclass(frozen=True)
class Resizing:
    """A change of widths, with what is needed to undo it.

    Attributes
    ----------
    before, after : Parameters
        Read-only copies from just before and just after it.
    origins : tuple of (n_a,) arrays of int
        For each unit after it, the index before, or -1 for a new unit; see `Resized`.
    """

    before: Parameters
    after: Parameters
    origins: tuple[Indices, ...]

    @property
    def n_bytes(self) -> int:
        """Memory of both copies, in bytes."""
        return self.before.flat.nbytes + self.after.flat.nbytes

    @property
    def prunes(self) -> bool:
        """Whether it has pruned units."""
        pairs = zip(self.before.layers, self.origins, strict=True)
        return any((origin >= 0).sum() < layer.n_a for layer, origin in pairs)

    def fits(self, parameters: Parameters) -> bool:
        """Whether a network has the shape that the change led to."""
        return parameters.architecture == self.after.architecture

    def then(self, later: "Resizing") -> "Resizing":
        """Return this change and a later one as one.

        Undoing it is the same as undoing the later one and then this one, as both are sums: what
        was before, plus what was learned since.
        """
        together = restore_pruned(later.before, self)
        origins = []
        for now_of, origin in zip(together.origins, later.origins, strict=True):
            place = np.empty(int((now_of >= 0).sum()), dtype=np.intp)
            place[now_of[now_of >= 0]] = np.flatnonzero(now_of >= 0)
            origins.append(np.where(origin >= 0, place[origin], -1))
        return Resizing(together.parameters.frozen_copy(), later.after, tuple(origins))


def restore_pruned(parameters: Parameters, change: Resizing) -> Resized:
    """Restore the units that a change has pruned: weight = before + (now - after).

    The sum holds for all weights between units that existed before the change: what they were,
    plus what they have learned since. So a network that has learned nothing since is restored to
    the last bit, and what the other units had taken over from the pruned ones is taken out again.
    Units that the change has added keep their weights; between them and the restored ones the
    weights are zero.

    Parameters
    ----------
    parameters : Parameters
        The present ones, of the shape that the change led to.
    change : Resizing

    Returns
    -------
    Resized
        First the units from before the change, then those that it has added. Its origins are
        indices in the present network.

    Raises
    ------
    ValueError
        If the network has another shape.
    """
    if not change.fits(parameters):
        raise ValueError(
            f"parameters must be of {change.after.architecture}, got {parameters.architecture}."
        )
    now_of: list[Indices] = []  # the present index of each resulting unit
    before_of: list[Indices] = []  # and its index before the change
    for layer, origin in zip(change.before.layers, change.origins, strict=True):
        kept, new = np.flatnonzero(origin >= 0), np.flatnonzero(origin < 0)
        place = np.full(layer.n_a, -1, dtype=np.intp)
        place[origin[kept]] = kept
        now_of.append(np.concatenate((place, new)))
        before_of.append(np.concatenate((np.arange(layer.n_a), np.full(len(new), -1))))
    origins = tuple(now_of)
    was = select(change.before, tuple(before_of))
    learned = select(parameters, origins)
    narrowed = select(change.after, origins)
    # Where `was` holds nothing, the change has added a unit: there the present weights stay.
    is_old = _mask(change.before, tuple(before_of))
    together = np.where(is_old, was.flat + (learned.flat - narrowed.flat), learned.flat)
    return Resized(Parameters(was.architecture, together), origins)


def _mask(parameters: Parameters, origins: tuple[Indices, ...]) -> NDArray[np.bool_]:
    """Return where a selection holds weights of existing units, and not zeros for new ones."""
    ones = Parameters(parameters.architecture)
    ones.flat[:] = 1.0
    mask: NDArray[np.bool_] = select(ones, origins).flat > 0
    return mask


@dataclass(frozen=True)
class _Noted:
    """A change, and the numbers of the sets of units that it led from and to."""

    change: Resizing
    before: int
    after: int


class Resizings:
    """The changes of widths that can be undone, by their place in the record.

    Changes under the same mark become one, as the steps of a dragged slider should. A change can
    only be undone from the set of units that it led to. Sets are numbered, because two networks of
    the same widths may have different units.

    Parameters
    ----------
    max_bytes : int
        Bound of the memory for all changes; the latest is kept even if it is larger.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._noted: OrderedDict[int, _Noted] = OrderedDict()
        self._places: dict[int, int] = {}  # by mark
        self._unit_set = self._unit_sets = 0

    def place_of(self, mark: int, here: int) -> int:
        """Return the place in the record where the change under a mark began.

        A place means the same when the run is repeated from its record, even if the run was saved
        and resumed on the way and a mark was used again.

        Parameters
        ----------
        mark : int
            Chosen by the caller, the same for all steps of one change.
        here : int
            The present place, returned if the change can no longer be undone.
        """
        place = self._places.get(mark)
        if place is None or self.find(place) is None:
            place = self._places[mark] = here
        return place

    def find(self, place: int | None) -> Resizing | None:
        """Return the change that began at a place, if it can be undone from the present units."""
        noted = None if place is None else self._noted.get(place)
        return noted.change if noted is not None and noted.after == self._unit_set else None

    def forget(self) -> None:
        """Forget all changes."""
        self._noted.clear()

    def note(self, place: int | None, before: Parameters, resized: Resized, *, undo: bool) -> None:
        """Remember a change.

        Parameters
        ----------
        place : int or None
            Where it began; None if it is not to be undone. Earlier changes can then be undone only
            after a return to their set of units.
        before : Parameters
        resized : Resized
        undo : bool
            Whether it undoes the change at its place, and replaces it; else the two become one.
        """
        known = self.find(place)
        start = self._unit_set
        self._unit_sets += 1
        self._unit_set = self._unit_sets
        if place is None:
            return
        change = Resizing(before.frozen_copy(), resized.parameters.frozen_copy(), resized.origins)
        if known is not None:
            was = self._noted[place]
            if not undo:
                change, start = known.then(change), was.before
            elif _is_restored(known, resized):
                self._unit_set = was.before
        self._noted[place] = _Noted(change, start, self._unit_set)
        self._noted.move_to_end(place)
        while len(self._noted) > 1 and self._n_bytes > self._max_bytes:
            self._noted.popitem(last=False)

    @property
    def _n_bytes(self) -> int:
        return sum(noted.change.n_bytes for noted in self._noted.values())


def _is_restored(undone: Resizing, resized: Resized) -> bool:
    """Whether undoing a change has led to exactly the units from before it."""
    if resized.parameters.architecture != undone.before.architecture:
        return False
    if undone.prunes:
        # `restore_pruned` keeps their order; added units would follow them.
        return not any((origin < 0).any() for origin in undone.origins)
    pairs = zip(resized.origins, undone.origins, strict=True)
    return all(np.array_equal(origin[now_of], np.arange(len(now_of))) for now_of, origin in pairs)

"""Units that were dropped from a live network, and come back beside what was learned since."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Indices, Resized, select

MAX_BYTES = 20_000_000
"""What is kept of earlier widths, in all; the earliest is forgotten first, the latest never."""


@dataclass(frozen=True)
class Resizing:
    """A change of widths, as it has to be known to be taken back.

    Attributes
    ----------
    before : Parameters
        A read-only copy from before it.
    after : Parameters
        A read-only copy from just after it.
    origins : tuple of (n_a,) arrays of int
        For each unit after it the index that it had before, or -1; see `Resized`.
    """

    before: Parameters
    after: Parameters
    origins: tuple[Indices, ...]

    @property
    def n_bytes(self) -> int:
        """Memory of both copies."""
        return self.before.flat.nbytes + self.after.flat.nbytes

    @property
    def drops(self) -> bool:
        """Whether it has dropped units."""
        pairs = zip(self.before.layers, self.origins, strict=True)
        return any((origin >= 0).sum() < layer.n_a for layer, origin in pairs)

    def goes_with(self, parameters: Parameters) -> bool:
        """Whether a network has the shape that the change led to."""
        return parameters.architecture == self.after.architecture

    def then(self, later: "Resizing") -> "Resizing":
        """Return this change and a later one as one.

        To take it back is the same as to take back the later one and then this one, as both are
        sums: what was before, and what was learned since.
        """
        together = bring_back(later.before, self)
        origins = []
        for now_of, origin in zip(together.origins, later.origins, strict=True):
            place = np.empty(int((now_of >= 0).sum()), dtype=np.intp)
            place[now_of[now_of >= 0]] = np.flatnonzero(now_of >= 0)
            origins.append(np.where(origin >= 0, place[origin], -1))
        return Resizing(together.parameters.frozen_copy(), later.after, tuple(origins))


def bring_back(parameters: Parameters, change: Resizing) -> Resized:
    """Put the units that a change has dropped back beside what was learned since.

    Each weight among the units that were there before becomes what it was before the change, plus
    what it has learned since: before + (now - after). So a network that has learned nothing since
    is what it was before, to the last bit; and what the others had taken over of the units that
    were dropped is theirs again, and not told twice. Units that the change has brought keep what
    they have learned; they and those that come back do not hear each other yet.

    Parameters
    ----------
    parameters : Parameters
        Now; of the shape that the change led to.
    change : Resizing

    Returns
    -------
    Resized
        First the units that were there before the change, then those that it has brought. Its
        origins count in the network as it is now.

    Raises
    ------
    ValueError
        If the network has another shape.
    """
    if not change.goes_with(parameters):
        raise ValueError(
            f"parameters must be of {change.after.architecture}, got {parameters.architecture}."
        )
    now_of: list[Indices] = []  # of each unit that is to be there, its index now
    before_of: list[Indices] = []  # and before
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
    # What was there before, and what the change has brought, are told apart by where `was` is
    # empty: there the network is what it is now.
    is_old = _mask(change.before, tuple(before_of))
    together = np.where(is_old, was.flat + (learned.flat - narrowed.flat), learned.flat)
    return Resized(Parameters(was.architecture, together), origins)


def _mask(parameters: Parameters, origins: tuple[Indices, ...]) -> NDArray[np.bool_]:
    """Return where a selection holds what was there, as opposed to zeros for what is new."""
    ones = Parameters(parameters.architecture)
    ones.flat[:] = 1.0
    mask: NDArray[np.bool_] = select(ones, origins).flat > 0
    return mask


@dataclass(frozen=True)
class _Noted:
    """A change, and the numbers of the line-ups of units that it led from and to."""

    change: Resizing
    before: int
    after: int


class Resizings:
    """The changes of widths that can be taken back, each by the place in the record where it began.

    Changes under the same mark become one: a slider that is dragged is one wish. Each goes with one
    line-up of units only, which has a number: two networks of the same widths may be of different
    units. What is kept is bounded by `max_bytes`, but for the latest.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._noted: OrderedDict[int, _Noted] = OrderedDict()
        self._places: dict[int, int] = {}  # by mark
        self._line_up = self._line_ups = 0

    def place_of(self, mark: int, here: int) -> int:
        """Return where the change under a mark began: here, if it is not known any more.

        A place means the same to whoever repeats the run from its record, also where the run was
        saved and resumed on the way, and a mark was given again.
        """
        place = self._places.get(mark)
        if place is None or self.find(place) is None:
            place = self._places[mark] = here
        return place

    def find(self, place: int | None) -> Resizing | None:
        """Return what began at a place, if it is still known and goes with the units of now."""
        noted = None if place is None else self._noted.get(place)
        return noted.change if noted is not None and noted.after == self._line_up else None

    def forget(self) -> None:
        """Let nothing be known any more."""
        self._noted.clear()

    def note(self, place: int | None, before: Parameters, resized: Resized, *, back: bool) -> None:
        """Remember a change.

        Parameters
        ----------
        place : int or None
            None only lets those that are known wait for their line-up.
        before : Parameters
        resized : Resized
        back : bool
            Whether it takes back what began at its place, in whose stead it is put; else it becomes
            one with it.
        """
        known = self.find(place)
        start = self._line_up
        self._line_ups += 1
        self._line_up = self._line_ups
        if place is None:
            return
        change = Resizing(before.frozen_copy(), resized.parameters.frozen_copy(), resized.origins)
        if known is not None:
            was = self._noted[place]
            if not back:
                change, start = known.then(change), was.before
            elif _is_restored(known, resized):
                self._line_up = was.before
        self._noted[place] = _Noted(change, start, self._line_up)
        self._noted.move_to_end(place)
        while len(self._noted) > 1 and self._n_bytes > self._max_bytes:
            self._noted.popitem(last=False)

    @property
    def _n_bytes(self) -> int:
        return sum(noted.change.n_bytes for noted in self._noted.values())


def _is_restored(undone: Resizing, resized: Resized) -> bool:
    """Whether a change that was taken back has left just the units that were there before it."""
    if resized.parameters.architecture != undone.before.architecture:
        return False
    if undone.drops:
        # `bring_back` leaves them in their order, and has nobody to put behind them.
        return not any((origin < 0).any() for origin in undone.origins)
    pairs = zip(resized.origins, undone.origins, strict=True)
    return all(np.array_equal(origin[now_of], np.arange(len(now_of))) for now_of, origin in pairs)

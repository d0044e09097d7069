"""Since when the learning rate falls: since a person last set it."""

from dataclasses import dataclass

from engine.data.training_data import DataKind
from engine.training.settings import Hyperparameters, RateSettings

_SHORTEST_NAMES, _SHORTEST_SYMBOLS, _SHORTEST_WINDOWS = 1_000, 50_000, 10_000
"""The shortest passes over data, as the exponential decay counts them."""


def decay_period(length: int, schedule: str, kind: DataKind, window: int | None) -> int:
    """Return the examples of a pass over the data, as the decay of the learning rate counts them.

    The exponential decay counts short data as if they were longer. Otherwise a run on a few names
    would come to rest before it has learned anything.

    Parameters
    ----------
    length : int
        The real number of examples; see `engine.training.loaders.data_loader.DataLoader`.
    schedule : str
        See `Hyperparameters.schedule`.
    kind : str
        Of the data: "names" or "text".
    window : int or None
        As in `RunSettings`.
    """
    if schedule != "exponential":
        return length
    if kind == "names":
        return max(length, _SHORTEST_NAMES)
    return max(length, _SHORTEST_SYMBOLS if window is None else _SHORTEST_WINDOWS)


@dataclass
class _Setting:
    """What one undo group has done to the learning rate.

    Attributes
    ----------
    before : RateSettings
        In force before its first change.
    start_before, start_after : int
        Where the decay started before its first change, and after its last one.
    """

    before: RateSettings
    start_before: int
    start_after: int


class DecayStarts:
    """Finds where the decay of the learning rate starts after a change of the hyperparameters.

    A learning rate holds from the step on at which it is set, and falls from there. The same goes
    for a change of the decay or of its schedule, and for a rate that is set again though it is the
    same: the rate that was set is in force again. Other changes leave the decay alone.

    Undoing a change gives back the start as well, so that the rate in force is what it would have
    been without the change. So does a drag that ends where it began. Redoing brings back the start
    that the change had made.

    All starts are in examples taken; see `engine.training.loaders.data_loader.DataLoader`.
    """

    def __init__(self) -> None:
        self._settings: dict[int, _Setting] = {}  # by undo group

    def after(
        self,
        change: tuple[Hyperparameters, Hyperparameters],
        start: int,
        taken: int,
        group: int | None,
        *,
        undo: bool,
        sets_rate: bool = False,
    ) -> int:
        """Return where the decay starts after a change, and remember it for undoing.

        Parameters
        ----------
        change : tuple of Hyperparameters
            Before and after.
        start : int
            Where it starts now.
        taken : int
            Examples taken so far.
        group : int or None
            The undo group of the change; None for a change that is never undone.
        undo : bool
            Whether the group is undone or redone.
        sets_rate : bool
            Whether the learning rate counts as set even if it is the same.
        """
        before, after = (hyperparameters.rate_settings for hyperparameters in change)
        if before == after and not sets_rate:
            return start
        if group is None:
            return taken
        setting = self._settings.get(group)
        if setting is None:
            if undo:  # of half a rate, which falls on from where the whole one was
                return start
            setting = self._settings[group] = _Setting(before, start, taken)
        if before == after:  # so the start alone tells whether it is undone or redone
            is_back = undo and start == setting.start_after
        else:
            is_back = after == setting.before
        if is_back:
            return setting.start_before
        if not undo:
            setting.start_after = taken
        return setting.start_after

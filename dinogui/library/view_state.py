"""What the window knows of a run beside its curves, as it stands in the run's file."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from dinogui.workers.kept_file import KeptName, kept_names_of
from dinogui.workers.sampling_messages import Measurement
from engine.cli.arguments import MAX_SEED
from engine.evaluation.units import Unit
from engine.sampling.known_names import NoveltyCounts
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.messages import LogEntry, TextLogEntry

Item = TypeVar("Item")


@dataclass(frozen=True)
class ViewState:
    """The window's share of a run.

    Attributes
    ----------
    unit : Unit
        Of the loss.
    log : tuple of LogEntry or TextLogEntry
        What the network wrote on its way.
    meter : tuple of Measurement
        How much of it was new, over the run.
    starred : tuple of KeptName
        The kept names that come from the run's data.
    last_seed : int or None
        Of what was written last at somebody's wish.
    """

    unit: Unit = Unit.NATS_PER_NAME
    log: tuple[LogEntry | TextLogEntry, ...] = ()
    meter: tuple[Measurement, ...] = ()
    starred: tuple[KeptName, ...] = ()
    last_seed: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "unit": self.unit.name,
            "log": list(map(_plain_entry, self.log)),
            "meter": list(map(_plain_measurement, self.meter)),
            "starred": list(map(asdict, self.starred)),
            "last_seed": self.last_seed,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ViewState":
        """Return what `plain` made `values` of; what is missing was empty.

        Raises
        ------
        ValueError
            If a value is none that `plain` makes; the message names it.
        """
        told = ValidatedMapping(values)
        unit = told.value("unit") if "unit" in told else Unit.NATS_PER_NAME.name
        if unit not in Unit.__members__:
            raise ValueError(f"unit must be one of {', '.join(Unit.__members__)}, got {unit!r}.")
        return cls(
            Unit[unit],
            _items(told, "log", lambda found: tuple(map(_entry_of, found))),
            _items(told, "meter", lambda found: tuple(map(_measurement_of, found))),
            _items(told, "starred", kept_names_of),
            told.whole("last_seed", most=MAX_SEED) if "last_seed" in told else None,
        )


def _items(
    told: ValidatedMapping, name: str, make: Callable[[list[Any]], tuple[Item, ...]]
) -> tuple[Item, ...]:
    found = told.value(name) if name in told else []
    try:
        if isinstance(found, list):
            return make(found)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds what the window does not write: {error}.") from error
    raise ValueError(f"{name} must be a list.")


def _plain_entry(entry: LogEntry | TextLogEntry) -> list[Any]:
    if isinstance(entry, LogEntry):
        return [entry.iteration, entry.smoothed_loss, list(entry.names)]
    return [entry.step, entry.smoothed_loss, entry.text]


def _entry_of(values: Any) -> LogEntry | TextLogEntry:
    step, loss, written = values
    if not (_is_count(step) and isinstance(loss, float) and math.isfinite(loss)):
        raise ValueError("an entry begins with a step and a loss")
    if isinstance(written, str):
        return TextLogEntry(step, loss, written)
    if not (isinstance(written, list) and all(isinstance(name, str) for name in written)):
        raise ValueError("an entry ends with names or a text")
    return LogEntry(step, loss, tuple(written))


def _plain_measurement(measurement: Measurement) -> list[Any]:
    shares = measurement.shares
    return [measurement.step, shares.new, shares.held_out, shares.memorised]


def _measurement_of(values: Any) -> Measurement:
    step, *counts = values
    if not (len(counts) == 3 and all(map(_is_count, (step, *counts))) and sum(counts)):
        raise ValueError("a measurement is a step and three numbers of names")
    return Measurement(step, NoveltyCounts(*counts), 0.0)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53

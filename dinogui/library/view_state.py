"""What the window stores in the file of a run besides its curves."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from dinogui.common.kept_name import KeptName
from dinogui.common.sampling_messages import Measurement
from dinogui.common.stored_units import unit_of_name
from dinogui.session.run import MAX_NOTE, Run
from dinogui.workers.kept_file import kept_names_of
from engine.evaluation.units import Unit
from engine.runs.saved_log import log_extras, read_log
from engine.sampling.known_names import NoveltyCounts
from engine.storage.validated_mapping import ValidatedMapping, is_text, shown
from engine.training.messages import AnyLogEntry
from engine.training.ranges import MAX_SEED, MAX_STEPS
from engine.training.record import MAX_EVENTS

MAX_STARRED = 10_000
"""Most kept names in the file of a run. The file of kept names itself may hold more."""


@dataclass(frozen=True)
class ViewState:
    """The window's share of a run's file.

    Attributes
    ----------
    unit : Unit
        In which the loss is shown.
    log : tuple of AnyLogEntry
        What the network wrote during training.
    meter : tuple of Measurement
        What the memory meter measured.
    starred : tuple of KeptName
        The kept names that were generated from the same data.
    event_notes : tuple of (int, str)
        The place of an event in the record, and the note on it.
    last_seed : int or None
        The seed of the latest names or text that were asked for.
    """

    unit: Unit = Unit.NATS_PER_NAME
    log: tuple[AnyLogEntry, ...] = ()
    meter: tuple[Measurement, ...] = ()
    starred: tuple[KeptName, ...] = ()
    last_seed: int | None = None
    event_notes: tuple[tuple[int, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as values that JSON has a form for."""
        return {
            "unit": self.unit.name,
            **log_extras(self.log),
            "meter": list(map(_measurement_to_json, self.meter)),
            "starred": list(map(asdict, self.starred[-MAX_STARRED:])),
            "last_seed": self.last_seed,
            "event_notes": [list(noted) for noted in self.event_notes],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ViewState":
        """Return the state that `to_json` wrote. What is missing is empty.

        Raises
        ------
        ValueError
            If a value is not one that `to_json` writes; the message names it.
        """
        stored = ValidatedMapping(values)
        name = stored.value("unit") if "unit" in stored else Unit.NATS_PER_NAME.name
        unit = unit_of_name(name) if isinstance(name, str) else None
        if unit is None:
            units = ", ".join(Unit.__members__)
            raise ValueError(f"unit must be one of {units}, got {shown(name)}.")
        return cls(
            unit,
            read_log(values),
            stored.items("meter", lambda found: tuple(map(_measurement_from_json, found))),
            stored.items("starred", _starred_from_json),
            stored.whole("last_seed", most=MAX_SEED) if "last_seed" in stored else None,
            stored.items("event_notes", lambda found: tuple(map(_note_from_json, found))),
        )


class RunView(Protocol):
    """The window's part in saving and opening runs: it knows what its panels show of a run."""

    def state_of(self, run: Run) -> ViewState:
        """Return what the panels show of the run shown; `log` and `meter` may be left empty."""

    def show(self, state: ViewState) -> None:
        """Show what was stored of a run that has just been opened and is shown."""


def _starred_from_json(found: list[Any]) -> tuple[KeptName, ...]:
    if len(found) > MAX_STARRED:
        raise ValueError(f"there are {len(found):,} names, more than {MAX_STARRED:,}")
    return kept_names_of(found)


def _measurement_to_json(measurement: Measurement) -> list[Any]:
    shares = measurement.shares
    return [measurement.step, shares.new, shares.held_out, shares.memorised]


def _measurement_from_json(values: Any) -> Measurement:
    step, *counts = values
    if not (len(counts) == 3 and all(map(_is_count, (step, *counts))) and sum(counts)):
        raise ValueError("a measurement is a step and three numbers of names")
    return Measurement(step, NoveltyCounts(*counts), 0.0)


def _note_from_json(values: Any) -> tuple[int, str]:
    place, note = values
    if not (_is_count(place) and place < MAX_EVENTS and is_text(note, MAX_NOTE)):
        raise ValueError(f"a note is the place of an event and at most {MAX_NOTE:,} characters")
    return place, note


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_STEPS

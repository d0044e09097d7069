"""The columns of the list of runs: what they show, and by what they are sorted and filtered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dinogui.library.earlier_run import EarlierRun
from dinogui.library.trash import days_left
from dinogui.widgets.tables.filter_language import FilterTerms
from engine.evaluation.units import Unit

Key = float | str


@dataclass(frozen=True)
class RunColumn:
    """A column.

    Attributes
    ----------
    heading : str
    text : callable
        Returns what the list shows of a run.
    key : callable
        Returns by what runs are sorted; None is always last.
    term : str
        What it is called in the filter; empty if it has no number.
    tip : str
        Explains the heading.
    """

    heading: str
    text: Callable[[EarlierRun], str]
    key: Callable[[EarlierRun], Key | None]
    term: str = ""
    tip: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is aligned to the right, and the largest come first when it is sorted."""
        return bool(self.term)


def sorted_by(
    runs: Sequence[EarlierRun], column: RunColumn, *, is_descending: bool
) -> list[EarlierRun]:
    """Return runs in the order of a column; those without a value come last."""
    keyed = [(column.key(run), run) for run in runs]
    known = [(key, run) for key, run in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=is_descending)
    return [run for _, run in known] + [run for key, run in keyed if key is None]


def matches(run: EarlierRun, terms: FilterTerms) -> bool:
    """Whether a run meets the conditions of a filter."""

    def value(term: str) -> float | None:
        found = BY_TERM[term].key(run)
        return found if isinstance(found, int | float) else None

    return terms.match((run.name, run.data, run.network, run.label.note), value)


def _loss(value: float | None) -> str:
    return "" if value is None else Unit.NATS_PER_CHARACTER.write(value)


def _shown_loss(value: float | None) -> float | None:
    """Return a loss as it is shown, so that a filter agrees with what can be read."""
    return None if value is None else float(_loss(value).replace(",", ""))


def _duration(run: EarlierRun) -> str:
    seconds = round(run.facts.seconds)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _time(run: EarlierRun) -> str:
    if run.label.deleted is None:
        return run.time
    days = days_left(run.label.deleted, time.time())
    return f"removed in {days} day{'s' if days > 1 else ''}"


_HELD_OUT = "in nats per character; of a text, per symbol"

STAR = RunColumn("", lambda _: "", lambda run: float(run.is_starred))
DOT = RunColumn("", lambda _: "", lambda run: run.label.colour)
NAME = RunColumn("Name", lambda run: run.name, lambda run: run.name.casefold())
DATA = RunColumn("Data", lambda run: run.data, lambda run: run.data.casefold())
NETWORK = RunColumn("Network", lambda run: run.network, lambda run: run.network)
PARAMETERS = RunColumn(
    "Parameters",
    lambda run: f"{run.facts.n_parameters:,}",
    lambda run: run.facts.n_parameters,
    "parameters",
)
STEPS = RunColumn("Steps", lambda run: f"{run.step:,}", lambda run: run.step, "steps")
TRAINED = RunColumn(
    "Trained",
    _duration,
    lambda run: run.facts.seconds,
    "seconds",
    "The time that was spent training",
)
BEST = RunColumn(
    "Best",
    lambda run: _loss(run.facts.best),
    lambda run: _shown_loss(run.facts.best),
    "best",
    f"The best held-out loss, {_HELD_OUT}",
)
LAST = RunColumn(
    "Held out",
    lambda run: _loss(run.facts.last),
    lambda run: _shown_loss(run.facts.last),
    "loss",
    f"The last held-out loss, {_HELD_OUT}",
)
TRAINING_LOSS = RunColumn(
    "Smoothed loss",
    lambda run: run.loss,
    lambda run: _shown_loss(run.facts.loss),
    "training",
    "The smoothed training loss: of names per name, of a text per character",
)
EVENTS = RunColumn(
    "Events",
    lambda run: f"{run.facts.n_events:,}",
    lambda run: run.facts.n_events,
    "events",
    "How often something changed the course of the run",
)
TIME = RunColumn(
    "Time", _time, lambda run: run.facts.modified or time.time(), tip="When it was last written"
)
NOTE = RunColumn("Note", lambda run: run.label.note, lambda run: run.label.note.casefold())

COLUMNS = (
    *(STAR, DOT, NAME, DATA, NETWORK, PARAMETERS, STEPS, TRAINED, BEST, LAST, TRAINING_LOSS),
    *(EVENTS, TIME, NOTE),
)
BY_TERM = {column.term: column for column in COLUMNS if column.term}

"""The columns of the list of runs: what they show, and by what they are sorted and filtered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.run_facts import RunFacts
from dinogui.library.earlier.trash import days_left
from dinogui.widgets.tables.filter_language import FilterTerms
from dinogui.window.runs.listed_unit import accuracy_text, loss_text
from engine.evaluation.units import Unit

if TYPE_CHECKING:
    from engine.runs.run_summary import Loss

Key = float | str


@dataclass(frozen=True)
class RunColumn:
    """A column.

    Attributes
    ----------
    heading : str
    text : callable
        Returns what the list shows of a run. It takes the run, and the unit of losses.
    key : callable
        Returns by what runs are sorted; None is always last. It takes the same.
    term : str
        What it is called in the filter; empty if it has no number.
    tip : str
        Explains the heading.
    is_loss : bool
        Whether it is in the unit of losses.
    """

    heading: str
    text: Callable[[EarlierRun, Unit], str]
    key: Callable[[EarlierRun, Unit], Key | None]
    term: str = ""
    tip: str = ""
    is_loss: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is aligned to the right, and the largest come first when it is sorted."""
        return bool(self.term)


def sorted_by(
    runs: Sequence[EarlierRun], column: RunColumn, unit: Unit, *, is_descending: bool
) -> list[EarlierRun]:
    """Return runs in the order of a column; those without a value come last."""
    keyed = [(column.key(run, unit), run) for run in runs]
    known = [(key, run) for key, run in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=is_descending)
    return [run for _, run in known] + [run for key, run in keyed if key is None]


def matches(run: EarlierRun, terms: FilterTerms, unit: Unit) -> bool:
    """Whether a run meets the conditions of a filter."""

    def value(term: str) -> float | None:
        found = BY_TERM[term].key(run, unit)
        return found if isinstance(found, int | float) else None

    texts = (run.name, run.data, run.network, run.label.note, run.own_file)
    return terms.match(texts, value)


def _loss_column(
    heading: str, loss: Callable[[RunFacts], Loss | None], term: str, tip: str
) -> RunColumn:
    """Return a column of losses, sorted and filtered by what can be read."""

    def text(run: EarlierRun, unit: Unit) -> str:
        return loss_text(unit, loss(run.facts))

    def key(run: EarlierRun, unit: Unit) -> float | None:
        shown = text(run, unit)
        return float(shown.replace(",", "")) if shown else None

    return RunColumn(heading, text, key, term, tip, is_loss=True)


def _percent(accuracy: float | None) -> float | None:
    return None if accuracy is None else 100 * accuracy


def _duration(run: EarlierRun) -> str:
    seconds = round(run.facts.seconds)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def where_words(run: EarlierRun) -> str:
    """Return where a run is, as a sentence."""
    if not run.own_file:
        return "DinoGUI keeps this run in its own folder, until you save it to a file of your own"
    if run.is_missing:
        return f"{run.own_file_text} is missing. If you have moved it, add it from its new place"
    if run.path is not None:
        return f"Saved in {run.own_file_text}; DinoGUI keeps the changes since then"
    return f"Saved in {run.own_file_text}"


def _file(run: EarlierRun) -> str:
    return f"missing: {run.own_file_text}" if run.is_missing else run.own_file_text


def _time(run: EarlierRun) -> str:
    if run.label.deleted is None:
        return run.time
    days = days_left(run.label.deleted, time.time())
    return f"removed in {days} day{'s' if days > 1 else ''}"


STAR = RunColumn("", lambda *_: "", lambda run, _: float(run.is_starred))
DOT = RunColumn("", lambda *_: "", lambda run, _: run.label.colour)
NAME = RunColumn("Name", lambda run, _: run.name, lambda run, _: run.name.casefold())
DATA = RunColumn("Data", lambda run, _: run.data, lambda run, _: run.data.casefold())
NETWORK = RunColumn("Network", lambda run, _: run.network, lambda run, _: run.network)
PARAMETERS = RunColumn(
    "Parameters",
    lambda run, _: f"{run.facts.n_parameters:,}",
    lambda run, _: run.facts.n_parameters,
    "parameters",
)
STEPS = RunColumn("Steps", lambda run, _: f"{run.step:,}", lambda run, _: run.step, "steps")
TRAINED = RunColumn(
    "Trained",
    lambda run, _: _duration(run),
    lambda run, _: run.facts.seconds,
    "seconds",
    "The time that was spent training",
)
BEST = _loss_column("Best", lambda facts: facts.best, "best", "The best held-out loss")
LAST = _loss_column("Held out", lambda facts: facts.last, "loss", "The last held-out loss")
TRAINING_LOSS = _loss_column(
    "Smoothed loss", lambda facts: facts.loss, "training", "The smoothed training loss"
)
TOLD_RIGHT = RunColumn(
    "Told right",
    lambda run, _: accuracy_text(run.facts.accuracy),
    lambda run, _: _percent(run.facts.accuracy),
    "accuracy",
    "The share of what is held out whose kind is told right, when they were last measured, in "
    "percent. Other runs have none",
)
EVENTS = RunColumn(
    "Events",
    lambda run, _: f"{run.facts.n_events:,}",
    lambda run, _: run.facts.n_events,
    "events",
    "How often something changed the course of the run",
)
TIME = RunColumn(
    "Time",
    lambda run, _: _time(run),
    lambda run, _: run.facts.modified or time.time(),
    tip="When it was last written",
)
NOTE = RunColumn("Note", lambda run, _: run.label.note, lambda run, _: run.label.note.casefold())
FILE = RunColumn(
    "Your file",
    lambda run, _: _file(run),
    lambda run, _: run.own_file.casefold() or None,
    tip="The file of your own that the run is saved in. DinoGUI keeps the other runs",
)

COLUMNS = (
    *(STAR, DOT, NAME, DATA, FILE, NETWORK, PARAMETERS, STEPS, TRAINED, BEST, LAST),
    *(TRAINING_LOSS, TOLD_RIGHT, EVENTS, TIME, NOTE),
)
BY_TERM = {column.term: column for column in COLUMNS if column.term}

"""The comparison of runs: what differs between them, and what each has reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from engine.data.corpus import Corpus
from engine.data.training_data import counted
from engine.evaluation.held_out.data import held_out_of
from engine.nn.backends import BACKEND_TITLES
from engine.nn.cells import CELLS
from engine.nn.optimizers import OPTIMIZERS
from engine.racing.compared_run import ComparedRun
from engine.sampling.known_names import FRESH_NAMES, KnownNames, count_fresh_names
from engine.training.messages import HeldOutLoss
from engine.training.rate_changes import RateChange
from engine.training.recipes import RECIPES
from engine.training.record import Change, Event
from engine.training.settings import Hyperparameters, RunSettings

Cell = str | int | float | None

NEW_NAMES_SEED = 0
"""Seed of the names whose novelty is measured: the same random numbers for every run."""

_MOST_EVENTS = 5
"""Most events of a run that are listed."""

_WORDS = {
    "widths": "hidden units",
    "l2": "L2",
    "dtype": "number type",
    "held_out": "held-out share",
    "clip": "clip value",
    "backend": "kind of step",
}
"""Hyperparameters and settings whose names are not words."""


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes
    ----------
    label : str
    cells : tuple of str, int, float or None
        One for each run; None if it is not known or not reached.
    form : str
        Format specification for the numbers, as people read them.
    """

    label: str
    cells: tuple[Cell, ...]
    form: str = ""

    @property
    def differs(self) -> bool:
        """Whether not all runs have the same."""
        return len(set(self.cells)) > 1

    @property
    def is_known(self) -> bool:
        """Whether at least one run has a value."""
        return any(cell is not None for cell in self.cells)


@dataclass(frozen=True)
class Comparison:
    """A table with a column for each run.

    Attributes
    ----------
    titles : tuple of str
    settings : tuple of Row
        Only what is not the same in all runs.
    results : tuple of Row
        What the runs have reached.
    note : str
        A sentence that warns of runs whose losses cannot be compared, or nothing.
    """

    titles: tuple[str, ...]
    settings: tuple[Row, ...]
    results: tuple[Row, ...]
    note: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, the settings first."""
        return self.settings + self.results


def compare(runs: Sequence[ComparedRun], *, with_names: bool = True) -> Comparison:
    """Return what differs between runs, and what each has reached.

    Parameters
    ----------
    runs : sequence of ComparedRun
    with_names : bool
        Whether to sample names of each network, and count the new ones. It takes longest.
    """
    settings = (*_data_rows(runs), *_setting_rows(runs), _events_row(runs))
    results = [*_length_rows(runs), *_rate_rows(runs), *_loss_rows(runs), *_counting_rows(runs)]
    results += _gradient_rows(runs)
    if with_names:
        results.append(_new_names_row(runs))
    return Comparison(
        tuple(run.title for run in runs),
        tuple(row for row in settings if row.differs),
        tuple(row for row in results if row.is_known),
        _note(runs),
    )


def _data_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    records = [run.record for run in runs]
    sources = [record.source for record in records]
    if len({record.fingerprint for record in records}) == 1:
        sources = sources[:1] * len(runs)  # the same data under several names
    elif len(set(sources)) == 1:
        sources = [f"{record.source} ({record.fingerprint[:8]})" for record in records]
    starts = [
        f"{record.warm_start.source}, step {record.warm_start.step:,}"
        if record.warm_start
        else "random"
        for record in records
    ]
    return [
        Row("data", tuple(sources)),
        Row("initial parameters", tuple(starts)),
        Row("recipe", tuple(record.recipe for record in records)),
    ]


def _setting_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    """Return the settings, and the hyperparameters that the runs began with."""
    rows = [
        _row_of(each.name, [run.record.settings for run in runs]) for each in fields(RunSettings)
    ]
    rows += [
        _row_of(each.name, [run.record.hyperparameters for run in runs])
        for each in fields(Hyperparameters)
    ]
    return rows


def _row_of(name: str, having: Sequence[object]) -> Row:
    label = _WORDS.get(name, name.replace("_", " "))
    cells = tuple(_cell(name, getattr(each, name)) for each in having)
    return Row(label, cells, "g" if any(isinstance(cell, float) for cell in cells) else "")


def _cell(name: str, value: Any) -> Cell:
    if value is None:
        return "off" if name == "clip" else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "cell":
        return CELLS[value].TITLE
    if name == "optimizer":
        return OPTIMIZERS[value].TITLE
    if name == "backend":
        return BACKEND_TITLES[value]
    if isinstance(value, tuple):
        return int(value[0]) if len(value) == 1 else ", ".join(map(str, value))
    return value if isinstance(value, int | float) else str(value)


def _events_row(runs: Sequence[ComparedRun]) -> Row:
    return Row("events", tuple(map(_describe_events, runs)))


def _describe_events(run: ComparedRun) -> str:
    events, rates = run.record.events, {} if run.rates is None else run.rates.changes
    if not events:
        return "none"
    listed = [
        _describe_event(event, rates.get(place))
        for place, event in enumerate(events[:_MOST_EVENTS])
    ]
    if len(events) > _MOST_EVENTS:
        listed.append(f"{len(events) - _MOST_EVENTS:,} more")
    return "; ".join(listed)


def _describe_event(event: Event, rates: RateChange | None) -> str:
    """Describe an event; of a learning rate also how it changed the one in force, if known."""
    left_out = ("step",) if rates is None else ("step", "learning_rate")
    listed = [_describe_change(each) for each in event.changes if each.name not in left_out]
    if rates is not None and rates.is_visible:
        listed.append(f"learning rate {rates}")
    changes = ", ".join(listed)
    what = changes if event.kind == "set hyperparameters" and changes else event.kind
    return f"{event.step:,}: {what}"


def _describe_change(change: Change) -> str:
    label = _WORDS.get(change.name, change.name.replace("_", " "))
    before, after = (_written(_cell(change.name, each)) for each in (change.before, change.after))
    return f"{label} {before} → {after}"


def _written(cell: Cell) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _length_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    return [
        Row("parameters", tuple(run.parameters.flat.size for run in runs), ","),
        Row("steps", tuple(run.step for run in runs), ","),
        Row("seconds", tuple(run.seconds for run in runs), ",.1f"),
    ]


def _rate_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    """Return the learning rates after the last steps, if one has fallen from what was set."""
    rates = [None if run.rates is None else run.rates.now for run in runs]
    if not any(rate is not None and rate.has_fallen for rate in rates):
        return []
    return [
        Row(
            "learning rate in force", tuple(None if r is None else r.in_force for r in rates), ".3g"
        ),
        Row("learning rate last set", tuple(None if r is None else r.base for r in rates), "g"),
    ]


def _loss_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    best, latest = [run.best for run in runs], [run.latest for run in runs]
    return [
        Row("best held-out loss", tuple(map(_loss, best)), ".4f"),
        Row("at step", tuple(None if each is None else each.step for each in best), ","),
        Row(
            "accuracy then", tuple(None if each is None else each.accuracy for each in best), ".1%"
        ),
        Row("last held-out loss", tuple(map(_loss, latest)), ".4f"),
        Row("last accuracy", tuple(map(_accuracy, latest)), ".1%"),
    ]


def _loss(measured: HeldOutLoss | None) -> float | None:
    return None if measured is None else measured.nats_per_character


def _accuracy(measured: HeldOutLoss | None) -> float | None:
    return None if measured is None else measured.accuracy


def _counting_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    """Return when each run was first better than the best n-gram model, if that is known."""
    corpus = next((run.corpus for run in runs if run.corpus is not None), None)
    settings = runs[0].record.settings
    is_measured = RECIPES[runs[0].record.recipe].holds_out and any(
        run.held_out is not None for run in runs
    )
    if corpus is None or not is_measured or len({run.split for run in runs}) > 1:
        return []
    data = held_out_of(corpus, settings.seed, settings.held_out, settings.window, settings.task)
    losses = data.n_gram_losses(data.fit_n_grams())
    if not losses:
        return []
    counting = min(loss.nats_per_character for loss in losses)
    points = [_first_below(run, counting) for run in runs]
    return [
        Row(f"seconds to {counting:.2f} (counting)", tuple(at(1) for at in points), ",.1f"),
        Row(f"steps to {counting:.2f} (counting)", tuple(_whole(at(0)) for at in points), ","),
    ]


def _first_below(run: ComparedRun, loss: float) -> Callable[[int], float | None]:
    """Return a function from a column to its value at the first point that is below a loss."""
    if run.held_out is None:
        return lambda column: None
    places = np.flatnonzero(run.held_out[:, 2] < loss)
    if not len(places):
        return lambda column: None
    point = run.held_out[places[0]].tolist()
    return lambda column: float(point[column])


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _gradient_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    """Return how much of the last letter's gradient is left letters before, if that is known."""
    known = [run.gradient for run in runs if run.gradient is not None]
    if not known:
        return []
    return [
        Row(
            f"gradient left {counted(known[0].letters_back, 'letter')} back",
            tuple(None if run.gradient is None else run.gradient.share for run in runs),
            ".2g",
        )
    ]


def _new_names_row(runs: Sequence[ComparedRun]) -> Row:
    label = f"new names of {FRESH_NAMES:,}"
    return Row(label, tuple(_new_share(run) for run in runs), ".1%")


def _new_share(run: ComparedRun) -> float | None:
    """Return the share of names that the network has not from its data.

    None if that is not known, or it writes none.
    """
    if not isinstance(run.corpus, Corpus) or not run.parameters.is_finite():
        return None
    if run.parameters.architecture.task == "tell":
        return None
    settings = run.record.settings
    if RECIPES[run.record.recipe].holds_out:
        known = KnownNames(
            *run.corpus.split(settings.seed, settings.held_out), run.corpus.vocabulary.one_each
        )
    else:
        known = KnownNames(run.corpus.distinct, one_each=run.corpus.vocabulary.one_each)
    counts = count_fresh_names(run.parameters, run.vocabulary, known, seed=NEW_NAMES_SEED)
    return counts.new / counts.total


def _note(runs: Sequence[ComparedRun]) -> str:
    if len({run.split for run in runs}) == 1:
        return ""
    return (
        "The held-out losses cannot be compared with each other, because the runs do not hold out "
        "the same data."
    )

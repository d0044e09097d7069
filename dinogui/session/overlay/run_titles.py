"""Titles of runs that are shown together: each tells its run apart from the others."""

from collections.abc import Callable, Sequence
from dataclasses import fields

from dinogui.common.words import (
    BACKEND_WORDS,
    CELL_WORDS,
    CLIPPING_WORDS,
    HYPERPARAMETER_WORDS,
    OPTIMIZER_WORDS,
    units_text,
)
from dinogui.session.overlay.overlaid_run import OverlaidRun
from engine.data.training_data import counted
from engine.training.settings import RunSettings


def network_title(run: OverlaidRun) -> str:
    """Return the cell of a run and its hidden units: "LSTM 128 + 64"."""
    return f"{CELL_WORDS[run.architecture.cell]} {units_text(run.architecture.widths)}"


def titles_of(runs: Sequence[OverlaidRun]) -> list[str]:
    """Return a title for each run: its network, and what tells it apart from the others like it."""
    titles = [network_title(run) for run in runs]
    for describe in _DIFFERENCES:
        for title in {title for title in titles if titles.count(title) > 1}:
            alike = [place for place, each in enumerate(titles) if each == title]
            texts = [describe(runs[place]) for place in alike]
            if len(set(texts)) > 1:
                for place, text in zip(alike, texts, strict=True):
                    titles[place] = f"{title}, {text}"
    seen: list[str] = []
    for place, title in enumerate(titles):
        seen.append(title)
        if seen.count(title) > 1:
            titles[place] = f"{title} ({seen.count(title)})"
    return titles


def _hyperparameter(name: str) -> Callable[[OverlaidRun], str]:
    def describe(run: OverlaidRun) -> str:
        value = getattr(run.record.hyperparameters, name)
        if name == "optimizer":
            return OPTIMIZER_WORDS[value]
        if name == "backend":
            return BACKEND_WORDS[value]
        if name == "clip" and value is None:
            return "no clipping"
        if name == "clipping":
            return f"clipping of {CLIPPING_WORDS[value].lower()}"
        text = f"{value:g}" if isinstance(value, int | float) else str(value)
        return f"{HYPERPARAMETER_WORDS[name]} {text}"

    return describe


def _setting(name: str) -> Callable[[OverlaidRun], str]:
    word = name.replace("_", " ")
    return lambda run: f"{word} {getattr(run.record.settings, name)}"


_DIFFERENCES: tuple[Callable[[OverlaidRun], str], ...] = (
    *(_hyperparameter(name) for name in HYPERPARAMETER_WORDS if name not in ("widths", "backend")),
    lambda run: f"{run.record.recipe} recipe",
    *(_setting(each.name) for each in fields(RunSettings) if each.name != "cell"),
    _hyperparameter("backend"),
    lambda run: counted(run.step, "step"),
)
"""What can differ between two runs of one network, what matters most first."""

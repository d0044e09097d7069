"""The values that stay fixed during a run: typing one of them begins a new run."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from dinogui.common.value_ranges import EMBEDDING, HELD_OUT, SEED, ValueRange
from dinogui.common.words import CELL_WORDS, DTYPE_WORDS, task_words
from dinogui.session.session import Session
from dinogui.window.palette.entry import Entry
from dinogui.window.palette.setting import (
    GROUP,
    Prepared,
    Setting,
    do_nothing,
    is_off,
    read_number,
    read_whole,
)
from engine.training.loaders.data_loader import check_run

NO_DATA = "No data are open. Open some first"
Number = TypeVar("Number", int, float)
_HINT = "Type a number after it; a new run begins with it"


def new_run(
    session: Session, what: str, changes: dict[str, Any], widths: tuple[int, ...] | None = None
) -> Prepared:
    """Return what begins a run that differs from the one shown.

    Parameters
    ----------
    session : Session
    what : str
        What differs: "seed 3".
    changes : dict of str to value
        The settings that differ, named as in `RunSettings`.
    widths : tuple of int, optional
        Its hidden units, if they differ.

    Raises
    ------
    ValueError
        If nothing is open, or the data or the recipe do not allow such a run.
    """
    run = session.run
    if run.corpus is None:
        raise ValueError(NO_DATA)
    settings = replace(run.settings, **changes)
    hyperparameters = replace(run.hyperparameters, widths=widths or run.hyperparameters.widths)
    check_run(run.corpus, run.recipe, hyperparameters, settings)

    def begin() -> None:
        now = session.hyperparameters
        session.restart(
            hyperparameters=replace(now, widths=widths or now.widths),
            settings=replace(session.settings, **changes),
        )

    return Prepared(f"Begins a new run with {what}. The run shown moves to the earlier runs", begin)


def new_run_settings(session: Session) -> list[Setting]:
    """Return the fixed values that are numbers."""
    now = session.settings

    def read_embedding(typed: str) -> tuple[str, int | None]:
        size = 0 if is_off(typed) else _in_range(EMBEDDING, read_whole(typed))
        return (f"an embedding of size {size}", size) if size else ("one-hot letters", None)

    def read_share(typed: str) -> tuple[str, float]:
        if not session.recipe.holds_out:
            raise ValueError(
                f"The {session.recipe.name} recipe holds nothing out. Choose the default recipe "
                "to hold something out."
            )
        share = _in_range(HELD_OUT, read_number(typed.rstrip("%").rstrip()))
        return f"{HELD_OUT.write(share)} held out", share / 100

    def read_seed(typed: str) -> tuple[str, int]:
        seed = _in_range(SEED, read_whole(typed))
        return f"seed {seed}", seed

    def setting(
        name: str, title: str, value: str, read: Callable[[str], tuple[str, Any]], also: str
    ) -> Setting:
        def prepare(typed: str) -> Prepared:
            what, new = read(typed)
            return new_run(session, what, {name: new})

        return Setting(name, title, value, prepare, also, _HINT)

    share = HELD_OUT.write(100 * now.held_out) if session.recipe.holds_out else "nothing"
    size = str(now.embedding) if now.embedding else "one-hot"
    return [
        setting("seed", "Seed", str(now.seed), read_seed, "random new run"),
        setting("embedding", "Embedding", size, read_embedding, "one-hot vectors new run"),
        setting("held_out", "Held out, %", share, read_share, "validation test share new run"),
    ]


def new_run_choices(session: Session) -> Iterator[Entry]:
    """Return an entry for each cell and each type of the numbers, and what is done with kinds."""
    settings = session.settings
    for name, title, words, what, also in (
        ("cell", "Cell", CELL_WORDS, "cells", "network layer new run"),
        ("dtype", "Numbers", DTYPE_WORDS, "numbers", "precision type new run"),
    ):
        for value, word in words.items():
            if value == getattr(settings, name):
                detail, reason, order = "The run shown has this already", "", do_nothing
            else:
                detail, reason, order = _begun(session, f"{word} {what}", {name: value})
            yield _choice(f"{name}/{value}", f"{title}: {word}", detail, reason, order, also)
    if session.corpus is not None and session.corpus.kinds is not None:
        yield from _choices_of_kinds(session)


def _choices_of_kinds(session: Session) -> Iterator[Entry]:
    """Return an entry for each task, and for each number of directions in which they are read."""
    settings = session.settings
    for task, words in task_words(session.kind).items():
        both = settings.both_directions and task == "tell"
        for in_both, way in ((False, "in one direction"), (True, "in both directions")):
            if task == "write" and in_both:
                continue
            title = f"Task: {words}{f', reading {way}' if task == 'tell' else ''}"
            changes = {"task": task, "both_directions": in_both}
            if task == settings.task and in_both == both:
                detail, reason, order = "The run shown has this already", "", do_nothing
            else:
                detail, reason, order = _begun(session, f"the task “{words}”", changes)
            also = "classify classification bidirectional kinds new run"
            yield _choice(f"task/{task}/{in_both}", title, detail, reason, order, also)


def _choice(
    key: str, title: str, detail: str, reason: str, order: Callable[[], None], also: str
) -> Entry:
    return Entry(
        key=f"set/{key}",
        group=GROUP,
        title=title,
        order=order,
        detail=detail,
        reason=reason,
        also=also,
    )


def _begun(
    session: Session, what: str, changes: dict[str, Any]
) -> tuple[str, str, Callable[[], None]]:
    """Return what a choice does, why it cannot be made, and its order."""
    try:
        prepared = new_run(session, what, changes)
    except ValueError as error:
        return "", str(error), do_nothing
    return prepared.effect, "", prepared.order


def _in_range(allowed: ValueRange, value: Number) -> Number:
    allowed.check(value)
    return value

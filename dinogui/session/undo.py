"""Undo and redo of what a person does to a run: hyperparameters, layers, a cleared list.

Undoing sets hyperparameters back to what they were, and they act at the next step: what was learned
in between stays. Units that a narrowing pruned come back with their weights, beside what the other
units have learned since, and an added layer is taken away (`engine.nn.resizing.undo`).

Every run has a history of its own, which waits while another run is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dinogui.common.words import HYPERPARAMETER_WORDS

MAX_COMMANDS = 200
_GESTURE_MILLISECONDS = 1_000

Act = Callable[[], bool]
"""Undoes or redoes something. Returns False if that is no longer possible."""

Apply = Callable[[dict[str, Any], int], bool]
"""Sets hyperparameters as changes of an undo group; returns what an `Act` returns."""


@dataclass
class _Command:
    """Something that was done, with what undoes and redoes it."""

    text: str
    undo: Act
    redo: Act


class _SetHyperparameters(_Command):
    """A change of hyperparameters."""

    def __init__(
        self, before: dict[str, Any], after: dict[str, Any], undo_group: int, apply: Apply
    ) -> None:
        super().__init__(
            _words_for(before, after),
            partial(apply, before, undo_group),
            partial(apply, after, undo_group),
        )
        self._before, self._apply, self.undo_group = before, apply, undo_group

    def extend(self, after: dict[str, Any]) -> bool:
        """Take in a later change of the same gesture; return whether anything still differs."""
        self.text = _words_for(self._before, after)
        self.redo = partial(self._apply, after, self.undo_group)
        return after != self._before


@dataclass
class _History:
    """The commands of a run, the latest last.

    `QUndoStack` would do the same, but Qt deletes its commands by itself, and PySide 6.11 then
    keeps what is left of them in Python, on which the garbage collector can crash.
    """

    done: list[_Command] = field(default_factory=list)
    undone: list[_Command] = field(default_factory=list)

    def push(self, command: _Command) -> None:
        """Add something that was done. What was undone can no longer be redone."""
        self.done.append(command)
        self.undone.clear()
        del self.done[:-MAX_COMMANDS]

    def undo(self) -> None:
        """Undo the latest command; drop it if that is no longer possible."""
        if self.done:
            command = self.done.pop()
            if command.undo():
                self.undone.append(command)

    def redo(self) -> None:
        """Redo the command that was undone last; drop it if that is no longer possible."""
        if self.undone:
            command = self.undone.pop()
            if command.redo():
                self.done.append(command)


def _added_layers(before: dict[str, Any], after: dict[str, Any]) -> int:
    return len(after["widths"]) - len(before["widths"]) if "widths" in after else 0


def _kind_of(before: dict[str, Any], after: dict[str, Any]) -> frozenset[str]:
    """Return what a change is about. A new layer does not belong to a gesture that sets widths."""
    return frozenset(after) | ({"layers"} if _added_layers(before, after) else set())


def _words_for(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Return what was changed, as the menu calls it."""
    words = HYPERPARAMETER_WORDS
    added = _added_layers(before, after)
    if added:
        words = words | {"widths": "added layer" if added == 1 else "added layers"}
    return " and ".join(words[name] for name in after)


class Undo(QObject):
    """The lists of what can be undone and redone, one for each run.

    Lives in the GUI thread. `Session` records changes of hyperparameters by itself, so whoever
    makes them need not think of undo. Changes of the same hyperparameters are one command if they
    follow each other within a second, or if they belong to one drag.

    Signals
    -------
    changed()
        `undo` or `redo` would now do something else than before.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = _History()
        self._histories: dict[int, _History] = {}  # by the id of the run
        self._undo_groups = count(1)
        self._undo_group = next(self._undo_groups)
        self._kind: frozenset[str] = frozenset()
        self._latest: _SetHyperparameters | None = None
        self._is_dragging = False
        self._pause = QTimer(self, singleShot=True, interval=_GESTURE_MILLISECONDS)
        self._pause.timeout.connect(self.end_gesture)

    @property
    def undo_text(self) -> str:
        """What `undo` would undo; empty if there is nothing."""
        return self._history.done[-1].text if self._history.done else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would redo; empty if there is nothing."""
        return self._history.undone[-1].text if self._history.undone else ""

    @Slot()
    def undo(self) -> None:
        """Undo the latest command."""
        self.end_gesture()
        self._history.undo()
        self.changed.emit()

    @Slot()
    def redo(self) -> None:
        """Redo the command that was undone last."""
        self.end_gesture()
        self._history.redo()
        self.changed.emit()

    # Runs

    def show(self, run_id: int) -> None:
        """Go on with the history of a run; a new run has an empty one."""
        self.end_gesture()
        self._history = self._histories.setdefault(run_id, _History())
        self.changed.emit()

    @Slot(int)
    def forget(self, run_id: int) -> None:
        """Drop the history of a run that cannot be shown again."""
        self._histories.pop(run_id, None)

    # Gestures

    @Slot()
    def begin_drag(self) -> None:
        """Record all changes until `end_drag` as one command."""
        self.end_gesture()
        self._is_dragging = True

    @Slot()
    def end_drag(self) -> None:
        """End the drag that `begin_drag` began."""
        self.end_gesture()
        self._is_dragging = False

    @Slot()
    def end_gesture(self) -> None:
        """Record the next change as a command of its own."""
        self._pause.stop()
        self._kind = frozenset()
        self._latest = None
        self._undo_group = next(self._undo_groups)

    # Recording

    def group_for(self, before: dict[str, Any], after: dict[str, Any]) -> int:
        """Return the undo group of a change that is about to be made.

        Changes of one gesture belong to one group. To undo a change of widths or layers, the
        trainer looks it up by its group.
        """
        if _kind_of(before, after) != self._kind:
            self.end_gesture()
        return self._undo_group

    def new_group(self) -> int:
        """Return a number that no change has had yet."""
        return next(self._undo_groups)

    def record_hyperparameters(
        self, before: dict[str, Any], after: dict[str, Any], undo_group: int, apply: Apply
    ) -> None:
        """Record a change of hyperparameters that was made in the group `group_for` returned."""
        self._kind = _kind_of(before, after)
        latest = self._latest
        if latest is None or latest.undo_group != undo_group:
            self._latest = _SetHyperparameters(before, after, undo_group, apply)
            self._history.push(self._latest)
        elif not latest.extend(after):
            self._latest = None
            self._history.done.pop()
        if not self._is_dragging:
            self._pause.start()
        self.changed.emit()

    def record(self, text: str, undo: Act, redo: Act) -> None:
        """Record something else that was done.

        Parameters
        ----------
        text : str
            What was done, as the menu calls it: "clearing of the names".
        undo, redo : callable
            See `Act`.
        """
        self.end_gesture()
        self._history.push(_Command(text, undo, redo))
        self.changed.emit()

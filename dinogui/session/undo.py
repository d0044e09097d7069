"""Undo and redo of what a person does to a run: hyperparameters, a new run, a cleared list.

Undoing sets hyperparameters back to what they were, and they act at the next step: what was learned
in between stays. Units that a narrowing pruned come back with their weights, beside what the other
units have learned since (`engine.nn.resizing.undo`). Undoing a new run, whether it came from a
restart, a preset or a file, shows the run before it again, completely as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from dinogui.common.words import HYPERPARAMETER_WORDS

MAX_COMMANDS = 200
_GESTURE_MILLISECONDS = 1_000
_HYPERPARAMETERS_ID = 1

Act = Callable[[], bool]
"""Undoes or redoes something. Returns False if that is no longer possible."""

Apply = Callable[[dict[str, Any], int], bool]
"""Sets hyperparameters as changes of an undo group; returns what an `Act` returns."""


class _Command(QUndoCommand):
    """Something that is already done when it is pushed: the first `redo` does nothing."""

    def __init__(self, text: str, undo: Act, redo: Act) -> None:
        super().__init__(text)
        self._undo, self._redo = undo, redo
        self._is_done = True

    def redo(self) -> None:
        """Redo it."""
        if not self._is_done:
            self.setObsolete(not self._redo())
        self._is_done = True

    def undo(self) -> None:
        """Undo it."""
        self._is_done = False
        self.setObsolete(not self._undo())


class _SetHyperparameters(_Command):
    """A change of hyperparameters."""

    def __init__(
        self, before: dict[str, Any], after: dict[str, Any], undo_group: int, apply: Apply
    ) -> None:
        text = " and ".join(HYPERPARAMETER_WORDS[name] for name in after)
        super().__init__(
            text, lambda: apply(before, undo_group), lambda: apply(self._after, undo_group)
        )
        self._before, self._after, self._undo_group = before, after, undo_group

    def id(self) -> int:
        """Return the id that lets the stack try to merge it with the command before."""
        return _HYPERPARAMETERS_ID

    def mergeWith(self, later: QUndoCommand) -> bool:
        """Merge a later change of the same gesture: a drag of a slider makes many."""
        if not isinstance(later, _SetHyperparameters) or (later._undo_group != self._undo_group):
            return False
        self._after = later._after
        # A fault of PySide 6.11: Qt deletes a command that is merged as it is pushed, but the
        # Python object lives on with all that it refers to: the session, and its runs.
        vars(later).clear()
        self.setObsolete(self._after == self._before)
        return True


class Undo(QObject):
    """The list of what can be undone and redone.

    Lives in the GUI thread. `Session` records changes of hyperparameters and new runs by itself, so
    whoever makes them need not think of undo. Changes of the same hyperparameters are one command
    if they follow each other within a second, or if they belong to one drag.

    Signals
    -------
    changed()
        `undo` or `redo` would now do something else than before.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(MAX_COMMANDS)
        self._undo_groups = count(1)
        self._undo_group = next(self._undo_groups)
        self._names: frozenset[str] = frozenset()
        self._is_dragging = False
        self._pause = QTimer(self, singleShot=True, interval=_GESTURE_MILLISECONDS)
        self._pause.timeout.connect(self.end_gesture)
        self._stack.indexChanged.connect(self._tell_changed)

    @property
    def undo_text(self) -> str:
        """What `undo` would undo; empty if there is nothing."""
        return self._stack.undoText() if self._stack.canUndo() else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would redo; empty if there is nothing."""
        return self._stack.redoText() if self._stack.canRedo() else ""

    @Slot()
    def undo(self) -> None:
        """Undo the latest command."""
        self.end_gesture()
        self._stack.undo()
        self.changed.emit()  # a command may have become obsolete, which the stack does not report

    @Slot()
    def redo(self) -> None:
        """Redo the command that was undone last."""
        self.end_gesture()
        self._stack.redo()
        self.changed.emit()

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
        self._names = frozenset()
        self._undo_group = next(self._undo_groups)

    # Recording

    def group_for(self, changes: dict[str, Any]) -> int:
        """Return the undo group of a change that is about to be made.

        Changes of one gesture belong to one group. To undo a change of widths, the trainer looks it
        up by its group.
        """
        if changes.keys() != self._names:
            self.end_gesture()
        return self._undo_group

    def record_hyperparameters(
        self, before: dict[str, Any], after: dict[str, Any], undo_group: int, apply: Apply
    ) -> None:
        """Record a change of hyperparameters that was made in the group `group_for` returned."""
        self._names = frozenset(after)
        self._stack.push(_SetHyperparameters(before, after, undo_group, apply))
        if not self._is_dragging:
            self._pause.start()

    def record(self, text: str, undo: Act, redo: Act) -> None:
        """Record something else that was done.

        Parameters
        ----------
        text : str
            What was done, as the menu calls it: "new run".
        undo, redo : callable
            See `Act`.
        """
        self.end_gesture()
        self._stack.push(_Command(text, undo, redo))

    def clear(self) -> None:
        """Remove all commands: what was done before can no longer be undone."""
        self.end_gesture()
        self._stack.clear()

    @Slot()
    def _tell_changed(self) -> None:
        self.changed.emit()

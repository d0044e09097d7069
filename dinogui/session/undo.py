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
        self._before, self._after, self.undo_group = before, after, undo_group

    def extend(self, after: dict[str, Any]) -> bool:
        """Take in a later change of the same gesture; return whether anything is different still.

        The stack could merge commands by itself as they are pushed. But PySide 6.11 then keeps a
        Python object for the command that Qt has deleted, which can crash the process when garbage
        is collected.
        """
        self._after = after
        self.setObsolete(self._after == self._before)
        return not self.isObsolete()


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
        self._latest: _SetHyperparameters | None = None
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
        self._latest = None
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
        latest = self._latest
        if latest is None or latest.undo_group != undo_group:
            self._latest = _SetHyperparameters(before, after, undo_group, apply)
            self._stack.push(self._latest)
        elif not latest.extend(after):
            self._latest = None
            self._stack.undo()  # removes an obsolete command, and undoes nothing
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

"""Undo and redo of what a person does to a run: knobs, widths, a new run, a cleared list.

Knobs are set to what they were, and act at the next step: what was learned in between stays. The
units that a narrowing has dropped come back with their weights, beside what the others have learned
since (`engine.nn.resizing.undo`). A new run, be it a restart, a preset or a file, is undone by
going on with the one before it, of which nothing is forgotten; one run is kept so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QAbstractSlider

from dinogui.common.actions import REDO_TEXT, UNDO_TEXT, Actions
from dinogui.common.words import KNOB_WORDS
from dinogui.panels.names.candidates_model import Sheet
from dinogui.panels.names.names import NamesPanel
from dinogui.session.session import Session

MAX_COMMANDS = 200
_GESTURE_MILLISECONDS = 1_000
_TURN_ID = 1


class _Done(QUndoCommand):
    """Something that whoever makes this has done already: the first `redo` is the stack's own."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._is_done = True

    def redo(self) -> None:
        """Do it again."""
        if not self._is_done:
            self._go_forth()
        self._is_done = True

    def undo(self) -> None:
        """Take it back."""
        self._is_done = False
        self._go_back()

    def _go_forth(self) -> None:
        raise NotImplementedError

    def _go_back(self) -> None:
        raise NotImplementedError


class _SetHyperparameters(_Done):
    """Some knobs were turned."""

    def __init__(
        self, session: Session, before: dict[str, Any], after: dict[str, Any], mark: int
    ) -> None:
        super().__init__(" and ".join(KNOB_WORDS[name] for name in after))
        self._session, self._before, self._after, self.mark = session, before, after, mark

    def _go_forth(self) -> None:
        self._turn(self._after)

    def _go_back(self) -> None:
        self._turn(self._before)

    def id(self) -> int:
        """Let the stack try to merge it."""
        return _TURN_ID

    def mergeWith(self, later: QUndoCommand) -> bool:
        """Become one with a later turn of the same gesture, which a slider is full of."""
        if not isinstance(later, _SetHyperparameters) or later.mark != self.mark:
            return False
        self._after = later._after
        # A fault of PySide 6.11: a command that is merged as it is pushed is deleted by Qt, and
        # lives on in Python, with all that it refers to: the session, and its runs.
        vars(later).clear()
        self.setObsolete(self._after == self._before)
        return True

    def _turn(self, values: dict[str, Any]) -> None:
        try:
            self._session.set_hyperparameters(self.mark, back=True, **values)
        except ValueError:  # a recipe or a layer came in between that does not allow it
            self.setObsolete(True)


class _NewRun(_Done):
    """Another run was begun."""

    def __init__(self, session: Session) -> None:
        super().__init__("new run")
        self._session = session

    def _go_forth(self) -> None:
        self._session.exchange_runs()

    def _go_back(self) -> None:
        self._session.exchange_runs()
        # Of a run that an error has ended there is nothing to go forth to.
        self.setObsolete(not self._session.has_earlier_run)


class _Clearing(_Done):
    """The table of names was cleared."""

    def __init__(self, names: NamesPanel, sheet: Sheet) -> None:
        super().__init__("clearing of the names")
        self._names, self._sheet = names, sheet

    def _go_forth(self) -> None:
        self._exchange()  # for nothing, or for what was written since

    def _go_back(self) -> None:
        self._exchange()

    def _exchange(self) -> None:
        self._sheet = self._names.exchange(self._sheet)


class Undo(QObject):
    """Takes what people do to the run of a session, and takes it back.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    actions : Actions
        Whose `undo` and `redo` this serves.
    sliders : iterable of QAbstractSlider
        All of a drag of one of them is one turn.
    names : NamesPanel
        Whose clearing can be undone.

    Attributes
    ----------
    stack : QUndoStack
        What can be undone and done again.
    """

    def __init__(
        self,
        session: Session,
        actions: Actions,
        sliders: Iterable[QAbstractSlider],
        names: NamesPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._names = session, names
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(MAX_COMMANDS)
        self._marks = count(1)
        self._mark = next(self._marks)
        self._turned: frozenset[str] = frozenset()
        self._is_dragging = self._is_going = False
        self._pause = QTimer(self, singleShot=True, interval=_GESTURE_MILLISECONDS)
        self._pause.timeout.connect(self.end_gesture)
        for slider in sliders:
            slider.sliderPressed.connect(self._begin_drag)
            slider.sliderReleased.connect(self._end_drag)
        names.cleared.connect(self._take_clearing)
        session.run_begun.connect(self._take_new_run)
        self._actions = actions
        actions.undo.triggered.connect(self.undo)
        actions.redo.triggered.connect(self.redo)
        self.stack.indexChanged.connect(self._name_actions)
        self._name_actions()

    def set_hyperparameters(self, changes: dict[str, Any]) -> None:
        """Set knobs, so that it can be undone.

        Turns of the same knobs that follow each other closely are one, as is all of a drag.

        Raises
        ------
        ValueError
            If a value lies outside what is allowed; nothing is changed.
        """
        session = self._session
        hyperparameters = session.hyperparameters
        changes = {
            name: new for name, new in changes.items() if new != getattr(hyperparameters, name)
        }
        before = {name: getattr(hyperparameters, name) for name in changes}
        if changes.keys() != self._turned:
            self.end_gesture()
        session.set_hyperparameters(self._mark, **changes)
        if len(session.hyperparameters.widths) > len(hyperparameters.widths):
            # No layer can be taken away, so there is no way back beyond this.
            self.stack.clear()
        elif changes:
            self._turned = frozenset(changes)
            self.stack.push(_SetHyperparameters(session, before, changes, self._mark))
            if not self._is_dragging:
                self._pause.start()

    @Slot()
    def end_gesture(self) -> None:
        """Let the next turn be one of its own: a slider was let go, or taken again."""
        self._pause.stop()
        self._turned = frozenset()
        self._mark = next(self._marks)

    @Slot()
    def undo(self) -> None:
        """Take back the latest."""
        self._go(self.stack.undo)

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last."""
        self._go(self.stack.redo)

    def _go(self, go: Callable[[], None]) -> None:
        self.end_gesture()
        self._is_going = True
        try:
            go()
        finally:
            self._is_going = False
            self._name_actions()  # a command may have become obsolete, which the stack tells nobody

    @Slot()
    def _begin_drag(self) -> None:
        self.end_gesture()
        self._is_dragging = True

    @Slot()
    def _end_drag(self) -> None:
        self.end_gesture()
        self._is_dragging = False

    @Slot()
    def _take_new_run(self) -> None:
        if self._is_going:  # it is no new one
            return
        self.end_gesture()
        self.stack.clear()  # what was done to the run before
        if self._session.has_earlier_run:
            self.stack.push(_NewRun(self._session))

    @Slot(object)
    def _take_clearing(self, sheet: Sheet) -> None:
        self.end_gesture()
        self.stack.push(_Clearing(self._names, sheet))

    @Slot()
    def _name_actions(self) -> None:
        """Say in the menu what would be undone."""
        stack, actions = self.stack, self._actions
        for action, word, what, is_possible in (
            (actions.undo, UNDO_TEXT, stack.undoText(), stack.canUndo()),
            (actions.redo, REDO_TEXT, stack.redoText(), stack.canRedo()),
        ):
            action.setText(f"{word} {what}" if is_possible else word)
            action.setEnabled(is_possible)

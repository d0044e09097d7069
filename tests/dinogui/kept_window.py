"""One window for the tests of a file: each of them gets it as if it were new."""

import gc

import pyqtgraph as pg
import shiboken6
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QSpinBox,
    QWidget,
)

import resources
from dinogui.common.run_plan import RunPlan
from dinogui.common.speed import Speed
from dinogui.session.run import RunState
from dinogui.session.run_plans import RunPlans
from engine.data.corpus import names_from_bytes
from engine.training.recipes import DEFAULT
from engine.training.settings import RunSettings, default_hyperparameters

SIZE = (1100, 700)
_ROOT = QModelIndex()
_PATIENCE = 400
"""Rounds of 5 ms for which it is waited for the network and for what it writes."""
_SHOWN = (
    (QLabel, ("text",)),
    (QAbstractButton, ("text", "isChecked")),
    (QSpinBox, ("value", "minimum", "maximum", "text")),
    (QDoubleSpinBox, ("value", "minimum", "maximum", "text")),
    (QAbstractSlider, ("value", "minimum", "maximum")),
    (QLineEdit, ("text", "placeholderText")),
    (QComboBox, ("currentIndex", "count", "currentText")),
    (QPlainTextEdit, ("toPlainText",)),
)
"""What can be read in the parts of a window."""

_INPUTS = (
    (QLineEdit, QLineEdit.text, QLineEdit.setText),
    (QSpinBox, QSpinBox.value, QSpinBox.setValue),
    (QDoubleSpinBox, QDoubleSpinBox.value, QDoubleSpinBox.setValue),
    (QComboBox, QComboBox.currentIndex, QComboBox.setCurrentIndex),
    (QScrollBar, QScrollBar.value, QScrollBar.setValue),
)
"""What a person can set in them."""


class KeptWindow:
    """Keeps a window from one test to the next, if it can be put back to how it was.

    A test gets the kept window only if it looks and reads as when it was new. Otherwise it gets a
    new one. So no test sees what an earlier one has done.

    Parameters
    ----------
    make : callable
        Makes a window.
    """

    def __init__(self, make):
        self._make = make
        self._window = None
        self._look = None
        self._inputs, self._actions = [], {}
        self._names, self._usual = [], None
        self._has_made = False

    @property
    def threads(self):
        """The threads of the window."""
        if self._window is None:
            return ()
        return tuple(self._window.session.threads.findChildren(QThread))

    def take(self):
        """Return the window that was kept, or a new one, which is still to be shown."""
        if self._window is None:
            self._window = self._make()
            self._has_made = True
        return self._window

    def note_if_new(self):
        """Note what the window looks like, unless it was kept."""
        if self._look is None:
            window = self._window
            _settle(window)
            self._look = _look_of(window)
            self._inputs = _inputs_of(window)
            self._names = window.names.generated
            self._usual = self._panels_and_sizes()
            checkable = [each for each in window.actions_.all if each.isCheckable()]
            self._actions = {action: action.isChecked() for action in checkable}

    def put_back(self):
        """Make the window as it was when it was new; let go of it if that fails."""
        try:
            is_as_new = self._look is not None and self._window.isVisible() and self._put_back()
        except RuntimeError:  # a part of it is gone
            is_as_new = False
        if not is_as_new:
            self._let_go()

    def end(self):
        """Destroy the window, and let all of it be collected after the test.

        With each test that it outlived, it was excluded from garbage collection.
        """
        self._let_go()
        if self._has_made:
            gc.unfreeze()

    def _let_go(self):
        if self._window is not None:
            window, self._window, self._look = self._window, None, None
            self._inputs, self._actions = [], {}
            window.close()
            shiboken6.delete(window)

    def _put_back(self):
        """Return whether the window looks as new, after as little as possible was done for it."""
        window = self._window
        self._close_others()
        window.presentation.leave()
        window.presentation.scale_text(1.0)
        window.left.show_cards()
        if (window.width(), window.height()) != SIZE:
            window.resize(*SIZE)
        self._put_inputs_back()
        if not _has_fresh_run(window) or not self._looks_as_new():
            self._begin_again()
            if not self._looks_as_new():
                return False
        return True

    def _looks_as_new(self):
        self._window.activateWindow()
        self._window.setFocus()
        _settle(self._window)
        return _look_of(self._window) == self._look

    def _close_others(self):
        for other in QApplication.topLevelWidgets():
            if other is not self._window and other.isVisible():
                other.close()

    def _begin_again(self):
        """Begin a run as in a new window, and forget all others."""
        window, session = self._window, self._window.session
        session.pause()
        session.give_up_loading()
        session._plans = RunPlans(0)  # what was used last for each kind of data is not seen
        content = resources.names_bytes(resources.DINOSAURS)
        corpus = names_from_bytes(content, resources.DINOSAURS, lower_case=True)
        plan = RunPlan(DEFAULT, default_hyperparameters(DEFAULT), RunSettings(seed=0))
        session.begin_on(corpus, None, plan)
        for run in session.runs.all_earlier:
            session.runs.forget(run)
        session.on_plot.hide_all()
        window.library.earlier.refresh()
        window.banner.clear()
        window.status.show_past(None)  # ends what it says for a moment
        if self._panels_and_sizes() != self._usual:
            window.actions_.reset_layout.trigger()
        self._put_inputs_back()
        _settle(window)
        for _ in range(_PATIENCE):
            if window.names.generated == self._names:
                break
            QTest.qWait(5)
        self._put_inputs_back()

    def _panels_and_sizes(self):
        window = self._window
        panels = [action.isChecked() for action in _panel_actions(window)]
        return panels, window.arrangement.chosen_sizes

    def _put_inputs_back(self):
        self._window.session.set_speed(Speed.FULL)
        for is_on in (True, False):  # in a group, the one that is chosen lets go of the others
            for action, was_on in self._actions.items():
                if was_on is is_on and action.isChecked() is not is_on:
                    action.trigger()
        for part, read, write, value in self._inputs:
            if read(part) != value:
                write(part, value)


def _settle(window):
    """Wait until nothing happens any more by itself."""
    session = window.session
    for _ in range(_PATIENCE):
        QApplication.processEvents()
        if session.progress is not None and session.has_network and window.names.generated:
            break
        QTest.qWait(5)
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def _has_fresh_run(window):
    run = window.session.run
    is_untouched = run.state is RunState.READY and not run.events and run.plan == run.begun_with
    return is_untouched and not run.steps_made and not window.session.runs.all_earlier


def _inputs_of(window):
    return [
        (part, read, write, read(part))
        for kind, read, write in _INPUTS
        for part in window.findChildren(kind)
    ]


def _look_of(window):
    """Return all that can be seen of a window, and what it holds besides, part by part."""
    session = window.session
    parts = window.findChildren(QWidget)
    seen = [window, *(part for part in parts if part.isVisible())]
    focused = QApplication.focusWidget()
    windows = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    return {
        "parts": [_values_of(part) for part in seen],
        "actions": [
            _action_values_of(action) for action in (*window.actions_.all, *_panel_actions(window))
        ],
        "plots": [_plotted(plot) for plot in window.findChildren(pg.PlotWidget)],
        "focus": seen.index(focused) if focused in seen else None,
        "windows": len(windows),
        "dialogs": sum(part.isWindow() and not isinstance(part, QMenu) for part in parts),
        "run": (session.run.plan, session.run.state, session.steps_made, session.run.events),
        "runs": len(session.runs.all_earlier) + len(window.library.earlier.runs),
        "undo": (session.undo.undo_text, session.undo.redo_text),
        "text": (QApplication.font(), QApplication.palette()),
    }


def _panel_actions(window):
    return [dock.toggleViewAction() for dock in window.docks.docks.values()]


def _action_values_of(action):
    seen = (action.isEnabled(), action.isVisible(), action.isChecked())
    return action.text(), action.toolTip(), *seen


def _values_of(part):
    place = None if part.isWindow() else part.geometry().getRect()
    values = [type(part).__name__, place, part.size().toTuple(), part.isEnabled()]
    values += [part.toolTip(), part.accessibleName()]
    for kind, names in _SHOWN:
        if isinstance(part, kind):
            values += [getattr(part, name)() for name in names]
    if isinstance(part, QAbstractItemView) and isinstance(part.model(), QAbstractItemModel):
        values.append(_cells_of(part.model()))
    return values


def _cells_of(model):
    is_list = isinstance(model, QAbstractListModel)
    rows, columns = min(model.rowCount(_ROOT), 20), 1 if is_list else model.columnCount(_ROOT)
    cells = [
        str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole))
        for row in range(rows)
        for column in range(columns)
    ]
    return model.rowCount(_ROOT), columns, cells


def _plotted(plot):
    item = plot.getPlotItem()
    shown = [(type(each).__name__, each.isVisible()) for each in item.items]
    return item.viewRange(), shown

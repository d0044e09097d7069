"""Fixtures of all panels' tests: what a person types and points at, and a run that tells kinds."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit


@pytest.fixture
def begin_telling(window, qtbot, train_until, corpus_of_kinds):
    """Return a function that trains a run on three kinds, of another task if that is asked for."""

    def begin(**settings):
        window.resize(1500, 1000)
        session = window.session
        session.use(corpus_of_kinds)
        wanted = replace(session.settings, **({"task": "tell", "cell": "gru"} | settings))
        hyperparameters = replace(
            session.hyperparameters, optimizer="adam", batch=8, widths=(12,), learning_rate=0.02
        )
        with qtbot.waitSignal(session.network_made, timeout=20_000):
            session.restart(hyperparameters=hyperparameters, settings=wanted)
        train_until(session, 60)
        return window

    return begin


@pytest.fixture
def type_name(qtbot):
    """Return a function that types a name into a panel."""

    def enter(panel, text):
        line = panel.name_box.findChild(QLineEdit)
        line.setFocus()
        line.selectAll()
        qtbot.keyClick(line, Qt.Key.Key_Delete)
        qtbot.keyClicks(line, text)

    return enter


@pytest.fixture
def hover():
    """Return a function that moves the pointer over a cell of a map."""

    def move(heat_map, row, column):
        place = heat_map.cell_centre(row, column).toPoint()
        QTest.mouseMove(heat_map, place + QPoint(1, 1))
        QTest.mouseMove(heat_map, place)

    return move

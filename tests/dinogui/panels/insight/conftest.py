"""Fixtures of the panels' tests: a window of panels, and networks of every kind."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QMainWindow, QWidget

import resources
from dinogui.common.theme import Theme
from dinogui.panels.insight.frame.pacing import is_seen
from dinogui.panels.registry import PANELS
from dinogui.window.docks import Docks
from engine.data.corpus import names_from_bytes
from engine.training.messages import Snapshot


class Bench(QMainWindow):
    """A window with nothing but the panels, which opens in a tenth of the time."""

    def __init__(self, session, theme):
        super().__init__()
        self.session = session
        self.setCentralWidget(QWidget())
        self.docks = Docks(self, self.menuBar().addMenu("&Panels"), PANELS, session, theme)
        self.resize(1000, 600)


@pytest.fixture
def bench(qapp, qtbot, session):
    """Return a window with the panels, and a run on a few dinosaurs."""
    lines = resources.names_bytes(resources.DINOSAURS).splitlines(keepends=True)
    bench = Bench(session, Theme(qapp))
    qtbot.addWidget(bench)
    with qtbot.waitSignal(session.network_made):
        session.use(names_from_bytes(b"".join(lines[::5]), "a few"))
    with qtbot.waitActive(bench):
        bench.show()
        bench.activateWindow()
    yield bench
    # Closed before the panels are deleted, so that nothing is computed for them afterwards.
    session.close()


@pytest.fixture
def open_panel(bench, qtbot):
    """Return a function that shows the panel of a key, and waits until it has drawn something."""

    def show(name, *, drawn=True):
        panel = bench.docks.show(name)
        qtbot.waitUntil(lambda: is_seen(panel))
        if drawn:
            qtbot.waitUntil(lambda: panel.result is not None)
        return panel

    return show


@pytest.fixture
def begin(bench, qtbot):
    """Return a function that starts a run with a cell and widths, and waits for its network."""

    def start(cell, widths, **more):
        session = bench.session
        with qtbot.waitSignal(session.network_made):
            session.restart(
                hyperparameters=replace(session.hyperparameters, widths=widths, **more),
                settings=replace(session.settings, cell=cell),
            )

    return start


@pytest.fixture
def networks():
    """Return every cell, with one layer and with two."""
    return (
        ("rnn", (12,)),
        ("rnn", (6, 5)),
        ("gru", (8, 6)),
        ("lstm", (9,)),
        ("lstm", (7, 9)),
    )


@pytest.fixture
def drawn_anew(qtbot):
    """Return a function that waits until a panel shows a new result."""

    def wait(panel, change=None):
        before = panel.result
        if change is not None:
            change()
        qtbot.waitUntil(lambda: panel.result is not None and panel.result is not before)
        return panel.result

    return wait


@pytest.fixture
def spoil(bench):
    """Return a function that gives all panels a network that contains NaN."""

    def send():
        session = bench.session
        snapshot = session.snapshot
        parameters = snapshot.parameters.copy()
        parameters.flat[::3] = np.nan
        spoilt = Snapshot(
            snapshot.step, parameters.frozen_copy(), snapshot.vocabulary, None, snapshot.latest_name
        )
        session.run.snapshot = spoilt
        session.snapshot_taken.emit(spoilt)

    return send

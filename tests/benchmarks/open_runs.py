"""What ten open runs cost: the part `memory` of `bench_runs.py`.

A window trains one run after the other, each with a seed of its own, and then shows all of them on
the plot. The memory is that of the process, beyond what it was with the first run.
"""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from machine import prepare_process

prepare_process()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication  # noqa: E402 the limit has to be set first
from waiting import wait_for  # noqa: E402
from window_probes import resident_bytes  # noqa: E402

from dinogui.app import make_window  # noqa: E402
from dinogui.session.run import RunState  # noqa: E402

_PATIENCE_SECONDS = 300


def memory(n_runs, steps):
    """Return the megabytes that so many open runs add, each of so many steps."""
    application = QApplication.instance() or QApplication([])
    window = make_window(application)
    session = window.session

    def train():
        wait_for(lambda: session.has_network, _PATIENCE_SECONDS)
        session.train(steps)
        wait_for(
            lambda: session.state is RunState.PAUSED and session.steps_made >= steps,
            _PATIENCE_SECONDS,
        )
        wait_for(lambda: window.library.autosave.is_current, _PATIENCE_SECONDS)

    with tempfile.TemporaryDirectory() as name:
        window.library.autosave_in(Path(name))
        window.show()
        train()
        before = resident_bytes()
        for seed in range(1, n_runs + 1):
            session.restart(settings=replace(session.settings, seed=seed))
            train()
            beside = resident_bytes()
        for key, _ in session.on_plot.choices:
            session.on_plot.show(key)
        wait_for(lambda: len(session.on_plot.overlaid) == n_runs, _PATIENCE_SECONDS)
        window.loss_plot.pane.repaint()
        after = resident_bytes()
        window.library.finish_writing()
        window.close()
    return {
        f"{n_runs} further runs of {steps:,} steps": (beside - before) / 1e6,
        f"{n_runs} further runs of {steps:,} steps, all on the plot": (after - before) / 1e6,
    }

"""How long it takes to list a folder of runs: the part `library` of `bench_runs.py`.

The time is that from the order to list the folder until the list of all of them is filled and laid
out, with an index (as always but for the first time) and without one.
"""

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from machine import ROOT, prepare_process

prepare_process()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication  # noqa: E402 the limit has to be set first
from waiting import wait_for  # noqa: E402

from dinogui.app import make_window  # noqa: E402
from dinogui.window.runs.runs_dialog import RunsDialog  # noqa: E402
from engine import Hyperparameters, Trainer, read_names, save_run  # noqa: E402
from engine.runs.run_index import INDEX_NAME  # noqa: E402

_PATIENCE_SECONDS = 120
_NAMES = ROOT / "resources" / "names" / "dinosaurs.txt"


def fill_folder(folder, n_runs):
    """Save a run as many times as there are to be runs."""
    trainer = Trainer(read_names(_NAMES), Hyperparameters())
    trainer.run(100)
    save_run(folder / "earlier-0.npz", trainer.corpus, trainer.state(), {"seconds": 1.0})
    for number in range(1, n_runs):
        shutil.copy(folder / "earlier-0.npz", folder / f"earlier-{number}.npz")


def open_library(application, folder, n_runs):
    """Return the seconds in which a new window lists all runs of a folder in the dialog."""
    window = make_window(application)
    window.show()
    application.processEvents()
    began = time.perf_counter()
    window.library.autosave_in(folder)
    window.runs_card.all_requested.emit()
    [dialog] = window.findChildren(RunsDialog)
    wait_for(lambda: len(dialog.list.shown) == n_runs, _PATIENCE_SECONDS)
    dialog.list.viewport().repaint()
    seconds = time.perf_counter() - began
    dialog.close()
    window.close()
    return seconds


def library(rounds, n_runs):
    """Return the seconds that the list of a folder takes, by what there is."""
    application = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill_folder(folder, n_runs)
        times = {"without an index": [], "with an index": []}
        for _ in range(rounds):
            (folder / INDEX_NAME).unlink(missing_ok=True)
            for seconds in times.values():
                seconds.append(open_library(application, folder, n_runs))
    return {f"{n_runs:,} runs {what}": statistics.median(found) for what, found in times.items()}

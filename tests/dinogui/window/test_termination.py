"""Signals to a window: SIGTERM and SIGHUP keep the run without a question."""

import os
import signal
import subprocess
import sys

import pytest

from engine.runs.run_file import load_run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its signals are others")

TRAIN_AND_GO_ON = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
from engine.nn.fast.blas import limit_blas_threads
limit_blas_threads()
from PySide6.QtWidgets import QApplication
from dinogui.app import _handle_signals, make_window
from dinogui.window import closing

def complain(*_):
    print("a dialog", flush=True)
    return False

closing.ask_before_closing = complain
from dinogui.common.preferences import Preferences
application = QApplication([])
window = make_window(application, preferences=Preferences())
_handle_signals(window)
window.library.autosave_in(Path(sys.argv[1]))
window.show()

def tell_once(progress):
    if progress.step > 400:
        window.session.progressed.disconnect(tell_once)
        print("trains", flush=True)

window.session.progressed.connect(tell_once)
window.session.train()
code = application.exec()
print("step", window.session.run.mark[0], flush=True)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "signals",
    [(signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGTERM, signal.SIGHUP)],
    ids=["SIGTERM", "SIGHUP", "both, as at a logout"],
)
def test_the_run_is_autosaved_and_the_window_closes_without_a_dialog(tmp_path, signals):
    folder = tmp_path / "autosave"
    with subprocess.Popen(
        [sys.executable, "-c", TRAIN_AND_GO_ON, str(folder)],
        env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path / "settings")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "trains\n"
            for number in signals:
                process.send_signal(number)
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
    assert output.startswith("step "), "no dialog"
    (kept,) = folder.glob("*.npz")
    assert load_run(kept).state.step == int(output.split()[1]) > 400
    assert not list(folder.glob("*.lock")), "the next start may offer it"

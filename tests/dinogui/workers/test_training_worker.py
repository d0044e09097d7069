import subprocess
import sys

CODE = """
import sys
import dinogui.workers.training_worker, dinogui.workers.file_reader, dinogui.workers.text_sampler
unwanted = {"PySide6.QtWidgets", "PySide6.QtGui", "pyqtgraph"}
sys.exit(", ".join(unwanted & set(sys.modules)) or 0)
"""


def test_what_lives_in_another_thread_loads_no_widgets():
    ended = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")

"""Compiles the faster step in a process of its own."""

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess, QProcessEnvironment, Slot

import engine
from dinogui.workers.service import Worker
from dinogui.workers.service.orders import Order

_ROOT = str(Path(engine.__file__).parents[1])
_COMMAND = (sys.executable, "-P", "-m", "engine", "compile", "--low-priority")
_KILL_MILLISECONDS = 2_000

_log = logging.getLogger(__name__)


class KernelCompiler(Worker):
    """Runs ``python -m engine compile``, and kills it when the application closes.

    A thread of this process would not do: the compiler is mostly Python, and would share the
    interpreter's lock with the window and the training.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    """

    task = "Compiling the faster step"

    def __init__(self, command: Sequence[str] = _COMMAND) -> None:
        super().__init__()
        self._program, *self._arguments = command
        self._process: QProcess | None = None
        self._unanswered: Order | None = None

    def compile(self) -> None:
        """Start the process. The answer is why it has failed, in a sentence; empty if it has not.

        There is one order at a time.
        """
        self._unanswered = self.defer()
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        # The program is to import this engine, and not what lies in the current folder.
        before = environment.value("PYTHONPATH")
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (_ROOT, before))))
        process.setProcessEnvironment(environment)
        process.setStandardInputFile(QProcess.nullDevice())
        process.finished.connect(self._take_end)
        process.errorOccurred.connect(self._take_error)
        process.start(self._program, self._arguments)

    def halt(self) -> None:
        """Kill the process. What it has written until then is not used by anybody."""
        super().halt()
        if self._process is not None:
            self._process.kill()
            self._process.waitForFinished(_KILL_MILLISECONDS)

    @Slot(int, QProcess.ExitStatus)
    def _take_end(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        if self._process is None:
            return
        complaints = self._process.readAllStandardError().toStdString().strip()
        if status is QProcess.ExitStatus.CrashExit:
            self._answer("The faster step could not be compiled: the compiler has crashed.")
        elif exit_code:
            _log.warning("The faster step could not be compiled: %s", complaints)
            self._answer(complaints.rpartition("\n")[2] or f"The compiler ended with {exit_code}.")
        else:
            self._answer("")

    @Slot(QProcess.ProcessError)
    def _take_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._answer(f"The faster step could not be compiled: {reason}.")

    def _answer(self, sentence: str) -> None:
        if self._process is not None and self._unanswered is not None:
            self._process.deleteLater()
            self._process = None
            self.finish(self._unanswered, sentence)

"""Has the faster step compiled, once for each machine, while the window is used."""

import os
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dinogui.workers.service import Refusal, Threads, WorkerClient

VARIABLE = "DINOGUI_COMPILE"
BY_HAND = "by-hand"
"""With this value of the variable, only ``python -m engine compile`` compiles."""

_SECONDS = 5
"""After the start, which the compiler is not to slow down."""

_BEGINS = "Compiling a faster step, once for this machine…"
_IS_READY = "The faster step is ready: new runs take it."
_IS_NOT_READY = "The faster step could not be compiled."
_COMES_LATER = "Runs are trained with NumPy, and the next start of DinoGUI tries again."
_BY_HAND = "Runs are trained with NumPy. To try again, use: python -m engine compile"


class KernelCompilation(QObject):
    """Has the faster step compiled some seconds after the start, if that has not been done.

    Lives in the GUI thread.

    Parameters
    ----------
    threads : Threads
        It gets a thread named "compiling" if there is something to compile.
    parent : QObject
    command : sequence of str, optional
        The program that compiles, and its arguments; that of the worker if absent.

    Signals
    -------
    said(str)
        It has begun, is done or has failed; a short sentence for people.
    became_ready()
        The step is compiled.
    failed(str)
        It is not; sentences for people say why, and what follows.
    working(str, str)
        A word for the work that goes on, and what it is; both empty when it has ended.
    """

    said = Signal(str)
    became_ready = Signal()
    failed = Signal(str)
    working = Signal(str, str)

    def __init__(
        self, threads: Threads, parent: QObject, command: Sequence[str] | None = None
    ) -> None:
        super().__init__(parent)
        self._threads, self._command = threads, command

    def start_later(self) -> None:
        """Start in some seconds, unless the environment says that it is done by hand."""
        if os.environ.get(VARIABLE) != BY_HAND:
            QTimer.singleShot(1_000 * _SECONDS, self, self.start)

    @Slot()
    def start(self) -> None:
        """Compile in a process of its own, if the step is not compiled."""
        # No start needs to wait for these.
        from dinogui.workers.kernel_compiler import KernelCompiler
        from engine.nn.fast.compiled.kernel_store import kernel_state

        if kernel_state().status != "not compiled":
            return
        worker = KernelCompiler() if self._command is None else KernelCompiler(self._command)
        client = WorkerClient(worker, self._threads.start("compiling"), self)
        client.order(KernelCompiler.compile, done=self._take_end, refused=self._take_refusal)
        self.working.emit("compiling…", _BEGINS)
        self.said.emit(_BEGINS)

    def _take_end(self, complaint: str) -> None:
        from engine.nn.fast.compiled.kernel_store import kernel_state

        self.working.emit("", "")
        state = kernel_state()
        is_ready = state.status == "ready"  # another process may have been quicker
        self.said.emit(_IS_READY if is_ready else _IS_NOT_READY)
        if is_ready:
            self.became_ready.emit()
        elif state.status == "not compiled":
            self.failed.emit(f"{complaint} {_COMES_LATER}" if complaint else state.reason)
        else:
            self.failed.emit(f"{state.reason} {_BY_HAND}")

    def _take_refusal(self, refusal: Refusal) -> None:
        self._take_end(refusal.sentence)

"""The worker that reads and writes the file of kept names."""

import logging
from collections.abc import Callable

from dinogui.common.kept_name import KeptName, Key
from dinogui.workers.kept_file import KeptFile
from dinogui.workers.service import Order, RefusedError, Worker

Content = tuple[tuple[KeptName, ...], str]
"""The kept names, and a sentence if the file was damaged."""

CLOSING_LOCK_MILLISECONDS = 600
"""How long the worker waits for other windows when its own is about to close."""

_log = logging.getLogger(__name__)


class KeptFileWorker(Worker):
    """Reads the file of kept names, and writes changes to it.

    Lives in the names thread. All changes that were ordered before one is written are written
    together, so that many of them take no longer than one. A change that cannot be written is tried
    again with the next one, and once more at the end.

    Parameters
    ----------
    file : KeptFile
    """

    task = "Keeping names"

    def __init__(self, file: KeptFile) -> None:
        super().__init__()
        self._file = file
        # Changes that have not been written yet, and the orders that wait for that.
        self._added: dict[Key, KeptName] = {}
        self._removed: set[Key] = set()
        self._waiting: list[Order] = []
        # An interval of zero fires when all that was queued has been done.
        self._writing = self.timer(KeptFileWorker._write, single_shot=True)

    def read(self) -> Content:
        """Return what the file holds.

        Raises
        ------
        RefusedError
            If it cannot be read.
        """
        return self._try("cannot be read", self._file.read)

    def change(self, added: tuple[KeptName, ...], removed: frozenset[Key]) -> None:
        """Add names and remove others; the answer is what the file holds then, or a refusal."""
        for key in removed:
            self._added.pop(key, None)
            self._removed.add(key)
        for kept in added:
            self._removed.discard(kept.key)
            self._added[kept.key] = kept
        self._waiting.append(self.defer())
        self._writing.start(0)

    def end(self) -> None:
        """Stop for good, and write what has not been written; the window is waiting."""
        super().end()
        if not (self._added or self._removed):
            return
        self._file.lock_milliseconds = CLOSING_LOCK_MILLISECONDS
        self.run_by_timer(KeptFileWorker._write)

    def _write(self) -> None:
        """Write all changes, and answer the orders for them."""
        orders, self._waiting = self._waiting, []
        names, note = self._try(
            "cannot be written, so new ones last only until the window closes",
            lambda: self._file.change(self._added.values(), self._removed),
        )
        self._added.clear()
        self._removed.clear()
        for order in orders:
            self.finish(order, (names, note))
            note = ""  # once is enough

    def _try(self, what: str, work: Callable[[], Content]) -> Content:
        try:
            return work()
        except OSError as error:
            _log.warning("The kept names %s: %s", what, error)
            raise RefusedError(self._sentence(what, error.strerror or error)) from error

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        return self._sentence("cannot be read or written", f"{type(error).__name__}: {error}")

    def _sentence(self, what: str, reason: object) -> str:
        return (
            f"The kept names in “{self._file.path}” {what} ({reason}). Check that this is a file "
            "in a folder that you may write to. The next change is written together with all "
            "earlier ones."
        )

"""The worker that reads and writes the file of kept names."""

import logging
from collections.abc import Callable

from dinogui.common.kept_name import KeptName, Key
from dinogui.workers.kept_file import KeptFile
from dinogui.workers.service import Order, RefusedError, Worker

Content = tuple[tuple[KeptName, ...], str]
"""The kept names, and a sentence if the file was damaged."""

_log = logging.getLogger(__name__)


class KeptFileWorker(Worker):
    """Reads the file of kept names, and writes changes to it.

    Lives in the names thread. A change that cannot be written is tried again with the next one.

    Parameters
    ----------
    file : KeptFile
    """

    task = "Keeping names"

    def __init__(self, file: KeptFile) -> None:
        super().__init__()
        self._file = file
        # Changes that have not been written yet.
        self._added: dict[Key, KeptName] = {}
        self._removed: set[Key] = set()

    def read(self) -> Content:
        """Return what the file holds.

        Raises
        ------
        RefusedError
            If it cannot be read.
        """
        return self._try("cannot be read", self._file.read)

    def change(self, added: tuple[KeptName, ...], removed: frozenset[Key]) -> Content:
        """Add names, remove others, and return what the file holds then.

        Raises
        ------
        RefusedError
            If it cannot be written.
        """
        for key in removed:
            self._added.pop(key, None)
            self._removed.add(key)
        self._added |= {kept.key: kept for kept in added}
        content = self._try(
            "cannot be written, so new ones last only until the window closes",
            lambda: self._file.change(self._added.values(), self._removed),
        )
        self._added.clear()
        self._removed.clear()
        return content

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

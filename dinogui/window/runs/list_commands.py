"""Commands of the runs in a list: those that ask for files, or begin a run."""

from PySide6.QtCore import QMimeData, QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.run_addition import are_runs
from dinogui.library.library import Library
from dinogui.library.saving import RUN_FILTER
from dinogui.window.runs.run_export import RunExport


class ListCommands(QObject):
    """Carries out what is chosen for a run in a list. Lives in the GUI thread.

    Parameters
    ----------
    library : Library
    export : RunExport
    parent : QWidget
        A part of the window over which files are chosen.

    Attributes
    ----------
    earlier : EarlierRuns
    """

    def __init__(self, library: Library, export: RunExport, parent: QWidget) -> None:
        super().__init__(parent)
        self._library, self._export, self._parent = library, export, parent
        self.earlier = library.earlier

    def is_present(self, run: EarlierRun) -> bool:
        """Whether a run is the one that is shown in the window."""
        present = self.earlier.present
        return present is not None and present.key == run.key

    def rename(self, run: EarlierRun) -> None:
        """Ask what a run is to be called."""
        self._ask(run, "title", "Rename run", "Name:")

    def write_note(self, run: EarlierRun) -> None:
        """Ask for a note on a run."""
        self._ask(run, "note", "Note on a run", "Note:")

    def _ask(self, run: EarlierRun, what: str, title: str, words: str) -> None:
        dialog = QInputDialog(self._parent.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        dialog.setTextValue(getattr(run.label, what))
        dialog.textValueSelected.connect(
            lambda text: self.earlier.label(run, **{what: text.strip()})
        )
        dialog.open()

    def use_settings(self, run: EarlierRun) -> None:
        """Begin a new run like another one."""
        self._library.alike.begin(run)

    def export(self, run: EarlierRun, over: QWidget | None = None) -> None:
        """Ask for a folder, in front of a window, and write the run to a new folder in it."""
        window = over or self._parent.window()
        folder = QFileDialog.getExistingDirectory(window, "Export run to a folder")
        if folder:
            self._export.export(run, folder)

    @Slot()
    def choose_files(self) -> None:
        """Ask for files of runs in front of the main window, and add them to the list."""
        self.choose_files_over(self._parent.window())

    def choose_files_over(self, window: QWidget) -> None:
        """Ask for files of runs in front of a window, and add them to the list."""
        paths, _ = QFileDialog.getOpenFileNames(window, "Add runs", "", RUN_FILTER)
        self.add(paths)

    def add(self, paths: list[str]) -> None:
        """Add files of runs to the list."""
        if paths:
            self._library.addition.add(paths)


def dropped_runs(data: QMimeData) -> list[str]:
    """Return the files that are being dropped; none if no run is among them."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return paths if are_runs(paths) else []

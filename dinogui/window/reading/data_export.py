"""File > Export data: writes what the network really learns from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from dinogui.common.actions.window_actions import Actions
from dinogui.panels.export_place import why_not_there
from dinogui.session.data.reading_memory import ReadingMemory
from dinogui.session.session import Session
from engine.data.sources.places import places_of_key

if TYPE_CHECKING:
    from dinogui.workers.data.data_exporter import ExportedData


class DataExportCommand(QObject):
    """Writes the data of the run shown to a file that gives the same data when it is opened.

    Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget
        A part of the window over which a file is chosen.
    session : Session
    actions : Actions
    memory : ReadingMemory
        Is told how the file has to be read.

    Signals
    -------
    said(str)
        Where the data were written, or why they were not.
    """

    said = Signal(str)

    def __init__(
        self, parent: QWidget, session: Session, actions: Actions, memory: ReadingMemory
    ) -> None:
        super().__init__(parent)
        self._parent, self._session, self._memory = parent, session, memory
        self._action = actions.export_data
        self._action.triggered.connect(self.choose_file)
        session.run_begun.connect(self._note_run)
        session.data_export.exported.connect(self._note_exported)
        session.data_export.refused.connect(self.said)

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file, and write the data to it."""
        from engine.data.data_export import DATA_FORMATS  # no start needs to wait for it

        session = self._session
        data = session.corpus
        if data is None:
            return
        formats = DATA_FORMATS[data.kind]
        filters = [f"{each.title} (*{each.suffix})" for each in formats]
        path, chosen = QFileDialog.getSaveFileName(
            self._parent.window(), "Export data", self._place(formats[0].suffix), ";;".join(filters)
        )
        if not path:
            return
        if not Path(path).suffix:
            path += formats[filters.index(chosen) if chosen in filters else 0].suffix
        reason = why_not_there(session, path)
        if reason:
            self.said.emit(reason)
        else:
            session.data_export.export(data, path)

    def _place(self, suffix: str) -> str:
        """Return the suggested path: "people cleaned.txt" beside "people.csv"."""
        session = self._session
        source = "names" if session.corpus is None else session.corpus.source
        place = Path(source if session.path is None else places_of_key(session.path)[0])
        return str(place.with_name(f"{place.stem} cleaned{suffix}"))

    @Slot()
    def _note_run(self) -> None:
        self._action.setEnabled(self._session.corpus is not None)

    @Slot(object)
    def _note_exported(self, exported: ExportedData) -> None:
        self._memory.note(exported.path, exported.choices)
        self.said.emit(
            f"The data are exported to “{exported.path}”. Here, the file opens as the same data."
        )

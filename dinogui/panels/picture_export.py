"""The button "Export" of a panel: it saves the picture, and copies the numbers in it."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from dinogui.common.icons import Icon
from dinogui.panels.export_place import at_step, why_not_there
from dinogui.panels.panel import Panel
from dinogui.panels.picture_file import FILTERS, ExportError, copy_table, save_picture
from dinogui.session.session import Session
from dinogui.widgets.buttons.icon_button import IconButton


class ExportButton(IconButton):
    """A button with a menu of ways to export."""

    def __init__(self, parent: QWidget | None = None) -> None:
        tip = "Save or copy what this panel shows"
        super().__init__(Icon.EXPORT, "Export", tip, text="Export", parent=parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.ways = QMenu(self)
        self.ways.setToolTipsVisible(True)
        self.setMenu(self.ways)


class PictureExport(ExportButton):
    """Saves a panel's picture as PNG or SVG, and copies its numbers as CSV.

    Parameters
    ----------
    panel : Panel
    session : Session
        Its data and its run are never replaced.
    picture : QWidget
        What is saved.
    table : callable
        Returns the rows to copy.
    say : callable
        Called with a sentence if the picture cannot be saved.
    note : callable, optional
        Returns what is written below the saved picture; empty for nothing.

    Attributes
    ----------
    save_action, copy_action : QAction
    """

    def __init__(
        self,
        panel: Panel,
        session: Session,
        picture: QWidget,
        table: Callable[[], Iterable[Iterable[object]]],
        say: Callable[[str], None],
        note: Callable[[], str] = str,
    ) -> None:
        super().__init__()
        self._panel, self._session, self._picture = panel, session, picture
        self._table, self._say, self._note = table, say, note
        self.save_action = self.ways.addAction("Save picture…")
        self.save_action.setToolTip("Save the picture as PNG or SVG")
        self.save_action.triggered.connect(self._ask)
        self.copy_action = self.ways.addAction("Copy data")
        self.copy_action.setToolTip("Copy the numbers in the picture as CSV")
        self.copy_action.triggered.connect(self.copy)

    @Slot()
    def copy(self) -> None:
        """Copy the numbers in the picture as CSV."""
        copy_table(self._table())

    def save(self, path: str) -> None:
        """Save the picture as SVG or PNG, by the path's ending, or say why it cannot be saved."""
        refusal = why_not_there(self._session, path)
        if refusal:
            self._say(refusal)
            return
        try:
            save_picture(self._picture, path, self._note())
        except ExportError as error:
            self._say(str(error))

    @Slot()
    def _ask(self) -> None:
        path, chosen = QFileDialog.getSaveFileName(
            self, "Save picture", f"{self._panel.key}{at_step(self._session)}.png", FILTERS
        )
        if path and "." not in path.rpartition("/")[2]:
            path += ".svg" if "svg" in chosen else ".png"
        if path:
            self.save(path)

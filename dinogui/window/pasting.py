"""Pasting data into the window: files, and text that is shown in a box before it is opened."""

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from dinogui.common.actions.window_actions import Actions
from dinogui.session.session import Session
from dinogui.window.opening import Opening


class Pasting(QObject):
    """Opens what is on the clipboard: files are opened, and text is shown in a box first.

    Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget
        The window over which the box opens.
    session : Session
    actions : Actions
    opening : Opening

    Signals
    -------
    refused(str)
        A sentence that says why nothing can be pasted.
    options_wanted(PasteBox)
        Somebody wants to choose how the text in a box is read.
    """

    refused = Signal(str)
    options_wanted = Signal(object)

    def __init__(
        self, parent: QWidget, session: Session, actions: Actions, opening: Opening
    ) -> None:
        super().__init__(parent)
        self._parent, self._session, self._opening = parent, session, opening
        actions.paste_data.triggered.connect(self.paste)

    @Slot()
    def paste(self) -> None:
        """Open the files that are on the clipboard, or ask about the text that is."""
        # Qt's stubs do not say that an empty clipboard may have no content at all.
        content = QGuiApplication.clipboard().mimeData() or QMimeData()
        paths = [url.toLocalFile() for url in content.urls() if url.isLocalFile()]
        if paths:
            self._opening.open_files(paths)
        elif content.hasText() and content.text().strip():
            from dinogui.window.paste_box import PasteBox  # only when it is asked for

            box = PasteBox(content.text(), self._session, self._opening, self._parent.window())
            box.chosen.connect(self._opening.open_data)
            box.options_wanted.connect(self.options_wanted)
            box.open()
        else:
            self.refused.emit(
                "There is no text on the clipboard. Copy names, a text or files first, and paste "
                "them here."
            )

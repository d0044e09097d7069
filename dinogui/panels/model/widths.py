"""The box for the widths of all layers."""

import re

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.widgets.keys import is_claim_of_space, is_claim_of_undo
from engine.nn.architecture import MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN

KEYS = DocumentedKeys("Widths", (("Esc", "Show the widths in force again"),))

_GAP = re.compile(r"\s*,\s*|\s+")
_TIP = (
    "Hidden units of each layer, the lowest first, such as 50 or 128, 64. New and changed layers "
    "act at once; fewer layers need a new run"
)


def read_widths(text: str) -> tuple[int, ...]:
    """Read the widths of layers.

    Parameters
    ----------
    text : str
        Whole numbers separated by commas or spaces.

    Raises
    ------
    ValueError
        If it is no list of widths; the message is a sentence for people.
    """
    try:
        widths = tuple(int(part) for part in _GAP.split(text.strip()))
    except ValueError:
        raise ValueError(
            "Widths are whole numbers with commas between them, such as 50 or 128, 64."
        ) from None
    if len(widths) > MAX_LAYERS:
        raise ValueError(
            f"A network has 1 to {MAX_LAYERS} layers; {len(widths)} widths are too many."
        )
    for width in widths:
        if not MIN_HIDDEN <= width <= MAX_HIDDEN:
            word = "few" if width < MIN_HIDDEN else "many"
            raise ValueError(
                f"A layer has {MIN_HIDDEN} to {MAX_HIDDEN} units; {width:,} is too {word}."
            )
    return widths


class WidthsBox(QLineEdit):
    """A line for widths. A refused text stays until it is corrected or given up.

    Lives in the GUI thread.

    Signals
    -------
    entered(tuple of int)
    refused(str)
        The text is no list of widths; a sentence says why.
    given_up()
        Escape was pressed; the widths in force should be shown again.
    """

    entered = Signal(object)
    refused = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)
        self.mark("")
        self.editingFinished.connect(self.interpretText)

    @property
    def is_marked(self) -> bool:
        """Whether its text was refused."""
        return bool(self.property("role") == "refused")

    def show_widths(self, widths: tuple[int, ...]) -> None:
        """Show widths that are in force or wait for a new run."""
        self.setText(", ".join(map(str, widths)))
        self.mark("")

    def mark(self, message: str) -> None:
        """Mark the text as refused for a reason; an empty message removes the mark."""
        self.setProperty("role", "refused" if message else "")
        self.setToolTip(message or _TIP)
        self.style().unpolish(self)
        self.style().polish(self)

    @Slot()
    def interpretText(self) -> None:
        """Take the typed text as it is, as spin boxes do."""
        try:
            widths = read_widths(self.text())
        except ValueError as error:
            self.mark(str(error))
            self.refused.emit(str(error))
        else:
            self.entered.emit(widths)

    def event(self, event: QEvent) -> bool:
        """Leave the space bar to the window, except while widths are being typed."""
        if is_claim_of_space(event) and not self.isModified():
            event.ignore()
            return False
        if is_claim_of_undo(event) and not (self.isUndoAvailable() or self.isRedoAvailable()):
            event.ignore()  # all typed text has been taken
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up the typed text on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

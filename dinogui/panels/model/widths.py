"""The box for the widths of all layers, and how it is read."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dinogui.widgets.keys import is_claim_of_space, is_claim_of_undo
from engine.nn.architecture import MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN

_TIP = (
    "Hidden units of each layer, the lowest first: 50, or 128, 64. New and other widths act at "
    "once; fewer layers begin a new run"
)


def read_widths(text: str) -> tuple[int, ...]:
    """Read the widths of layers.

    Parameters
    ----------
    text : str
        Whole numbers with commas between them.

    Raises
    ------
    ValueError
        With a sentence for people.
    """
    try:
        widths = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise ValueError(
            "Widths are whole numbers with commas between them: 50, or 128, 64."
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
    """A line for widths, which keeps what was refused until it is mended or given up.

    Signals
    -------
    entered(tuple of int)
    refused(str)
        What was typed is no widths; the sentence says why.
    given_up()
        Escape was pressed: what is in force is to be shown.
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
        """Whether what it says was refused."""
        return bool(self.property("role") == "refused")

    def show_widths(self, widths: tuple[int, ...]) -> None:
        """Show widths that are in force, or wait for a new run."""
        self.setText(", ".join(map(str, widths)))
        self.mark("")

    def mark(self, message: str) -> None:
        """Mark what it says as refused, and say why in the tooltip; unmark it with an empty one."""
        self.setProperty("role", "refused" if message else "")
        self.setToolTip(message or _TIP)
        self.style().unpolish(self)
        self.style().polish(self)

    @Slot()
    def interpretText(self) -> None:
        """Take what is typed as it stands, as spin boxes do."""
        try:
            widths = read_widths(self.text())
        except ValueError as error:
            self.mark(str(error))
            self.refused.emit(str(error))
        else:
            self.entered.emit(widths)

    def event(self, event: QEvent) -> bool:
        """Refuse the space bar, which trains or pauses, but for the space after a comma."""
        if is_claim_of_space(event) and not self.text()[: self.cursorPosition()].endswith(","):
            event.ignore()
            return False
        if is_claim_of_undo(event) and not (self.isUndoAvailable() or self.isRedoAvailable()):
            event.ignore()  # nothing is typed that was not taken
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up what was typed at Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

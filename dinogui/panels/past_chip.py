"""Says that an earlier step of the run is looked at, and goes back to the present."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QWidget

from dinogui.common.theme import SPACE
from dinogui.session.looking_back import LookingBack
from dinogui.widgets.buttons.chip import Chip


class PastChip(Chip):
    """Shows which step is looked at; a click goes back to now. It is hidden at the present.

    It is as high as the title of a card, so that nothing below the title moves.

    Lives in the GUI thread.

    Parameters
    ----------
    past : LookingBack
    parent : QWidget, optional
    """

    def __init__(self, past: LookingBack, parent: QWidget | None = None) -> None:
        super().__init__("Looking back", "", parent)
        self._past = past
        self.clicked.connect(past.leave)
        past.reached.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        """Return the width of the text, and the height of a line."""
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + SPACE)

    @Slot()
    def _show(self) -> None:
        moment = self._past.moment
        if moment is not None:
            self.say(f"Step {moment.step:,}", "Now")
            self.setToolTip(
                f"What you see and generate comes from the network of step {moment.step:,}. "
                "Click to go back to now"
            )
        self.setVisible(moment is not None)


def past_rows(past: LookingBack) -> Sequence[Sequence[object]]:
    """Return what to add to a table that is exported: which earlier step is looked at."""
    if past.moment is None:
        return []
    return [[], ["network of step", past.moment.step]]

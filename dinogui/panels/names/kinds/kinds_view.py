"""The kinds above the names: chips, and the sliders of a blend with its sentence."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from dinogui.panels.names.kinds.blend_sliders import BlendSliders
from dinogui.panels.names.kinds.kind_row import KindRow
from dinogui.session.blend.chosen_blend import ChosenBlend
from dinogui.widgets.buttons.chip import Chip


class KindsView(QWidget):
    """Chooses the kind, or the blend of kinds, in which the network writes.

    It is hidden while the network is told no kinds. Lives in the GUI thread.

    Parameters
    ----------
    blend : ChosenBlend

    Attributes
    ----------
    row : KindRow
    sliders : BlendSliders
        Hidden while a kind is chosen alone.
    sentence : Chip
        The blend in words; a click copies it as an option of the command line.

    Signals
    -------
    copied(str)
        The option was copied.
    """

    copied = Signal(str)

    def __init__(self, blend: ChosenBlend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blend = blend
        self.row = KindRow(blend)
        self.sliders = BlendSliders()
        self.sentence = Chip("Blend", "", is_slim=True)
        self.sentence.clicked.connect(self.copy)
        self.sliders.chosen.connect(blend.choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        below = QHBoxLayout()
        below.setSpacing(SPACE)
        below.addWidget(self.sentence)
        below.addWidget(self.sliders.more)
        below.addStretch(1)
        for part in (self.row, self.sliders):
            layout.addWidget(part)
        layout.addLayout(below)
        blend.changed.connect(self._show)
        blend.titles_changed.connect(self._show)
        self._show()

    @Slot()
    def copy(self) -> None:
        """Copy the blend as an option of the command line."""
        if self._blend.shares is not None:
            option = self._blend.shares.option
            QGuiApplication.clipboard().setText(option)
            self.copied.emit(option)

    @Slot()
    def _show(self) -> None:
        shares = self._blend.shares
        self.setVisible(shares is not None)
        is_blend = shares is not None and shares.is_blend
        self.sliders.show_shares(shares)
        for part in (self.sliders, self.sentence):
            part.setVisible(is_blend)
        if shares is not None and is_blend:
            self.sentence.say(shares.words, "copy")
            self.sentence.setToolTip(
                f"{shares.words}. Click to copy it as an option of the command line: "
                f"{shares.option}"
            )

"""The chips of the kinds, in one line that scrolls; all kinds are in a list behind a chip."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from dinogui.common.theme import SPACE
from dinogui.panels.names.kinds.chip_strip import ChipStrip
from dinogui.panels.names.kinds.kind_chip import KindChip
from dinogui.panels.names.kinds.kind_list import KindList
from dinogui.session.blend.chosen_blend import ChosenBlend
from dinogui.widgets.buttons.check_chip import CheckChip
from dinogui.widgets.buttons.chip import Chip

_MOST_CHIPS = 24
"""Of more kinds than that, only the chosen ones have a chip besides."""


class KindRow(QWidget):
    """A chip for each of the first kinds, and for those that are chosen, in one line that scrolls.

    One of the chips is a stop of Tab; the arrow keys go to the others. Lives in the GUI thread.

    Parameters
    ----------
    blend : ChosenBlend

    Attributes
    ----------
    all : Chip
        Opens the list of all kinds; hidden where a chip of each can be seen.
    blending : CheckChip
        While it is on, a click on a chip adds the kind, or leaves it out.

    Signals
    -------
    listed()
        The list of all kinds was opened.
    """

    listed = Signal()

    def __init__(self, blend: ChosenBlend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blend = blend
        self._chips: dict[str, KindChip] = {}
        self._shown: list[str] = []
        self._stop = ""  # the title of the chip at which Tab stops
        self._list: KindList | None = None
        self._strip = ChipStrip()
        self.all = Chip("All kinds", "Search all kinds in a list", self)
        self.all.clicked.connect(self.open_list)
        self.blending = CheckChip(
            "Blend",
            "While this is on, a click on a kind adds it to the blend, or leaves it out; "
            "Ctrl+click does the same at any time",
            self,
        )
        self.setAccessibleName("Kinds")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._strip, 1)
        for part in (self.all, self.blending):
            layout.addWidget(part)
        blend.changed.connect(self._show)
        blend.titles_changed.connect(self._begin)
        self._begin()

    @property
    def chips(self) -> dict[str, KindChip]:
        """The chips that are shown, by the titles of their kinds, from left to right."""
        return {title: self._chips[title] for title in self._shown}

    @Slot()
    def _begin(self) -> None:
        """Make chips for other kinds."""
        for chip in self._chips.values():
            chip.hide()
            chip.deleteLater()
        self._chips, self._shown = {}, []
        self._stop = ""
        self.blending.setChecked(False)
        self.all.say(f"All {len(self._blend.titles):,}…", "")
        self._show()

    def _chip(self, title: str) -> KindChip:
        """Return the chip of a kind, which is made when it is first needed."""
        if title not in self._chips:
            chip = self._chips[title] = KindChip(title, self._strip)
            chip.chosen.connect(self._choose)
            chip.switched.connect(self._blend.add_or_drop)
            chip.left.connect(self._go)
        return self._chips[title]

    @Slot(str)
    def _choose(self, title: str) -> None:
        if self.blending.isChecked():
            self._blend.add_or_drop(title)
        else:
            self._blend.choose_only(title)

    @Slot()
    def _show(self) -> None:
        """Show which kinds are chosen, the one that was chosen last in view."""
        titles, shares = self._blend.titles, self._blend.shares
        percents = dict(shares.of) if shares is not None else {}
        before = [title for title in self._shown if self._chips[title].isChecked()]
        first = set(titles[:_MOST_CHIPS])
        self._shown = [title for title in titles if title in first or title in percents]
        for title in self._shown:
            self._chip(title).show_chosen(percents.get(title), self._blend.counted(title))
        for title, chip in self._chips.items():
            chip.setVisible(title in self._shown)
        self._strip.show_parts([self._chips[title] for title in self._shown])
        self._fit()
        self._mark_stop()
        for title in percents:
            if title not in before and title in self._chips:
                self._strip.reveal(self._chips[title])

    # The arrangement

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the list where not all chips fit."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take the room that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the chips that stand for the list and for blending, and of one."""
        width = 2 * (self.all.sizeHint().width() + SPACE) + self.blending.sizeHint().width()
        return QSize(width, self.sizeHint().height())

    def _fit(self) -> None:
        is_whole = len(self._shown) == len(self._blend.titles)
        room = self.width() - self.blending.sizeHint().width() - SPACE
        self.all.setVisible(not is_whole or self._strip.wanted_width > room)
        height = max(part.sizeHint().height() for part in (self._strip, self.all, self.blending))
        self._strip.setFixedHeight(height)

    # The keyboard

    def _mark_stop(self) -> None:
        """Let Tab stop at the chip that had the focus last, or else at a chosen one."""
        if self._stop not in self._shown:
            chosen = [title for title in self._shown if self._chips[title].isChecked()]
            self._stop = next(iter(chosen or self._shown), "")
        policy = Qt.FocusPolicy
        for title in self._shown:
            is_stop = title == self._stop
            self._chips[title].setFocusPolicy(policy.StrongFocus if is_stop else policy.ClickFocus)

    @Slot(str, int)
    def _go(self, title: str, way: int) -> None:
        """Move the focus to a neighbour."""
        place = self._shown.index(title) + way
        if 0 <= place < len(self._shown):
            self._stop = self._shown[place]
            self._mark_stop()
            self._strip.reveal(self._chips[self._stop])
            self._chips[self._stop].setFocus(Qt.FocusReason.TabFocusReason)

    # All kinds

    @Slot()
    def open_list(self) -> None:
        """Open the list of all kinds below the chip."""
        if self._list is None:
            self._list = KindList(self._blend, self)
        self._list.open_at(self.all)
        self.listed.emit()

    @property
    def list_(self) -> KindList | None:
        """The list of all kinds, once it was opened."""
        return self._list

    @property
    def shown(self) -> Sequence[str]:
        """The titles that have a chip, from left to right."""
        return tuple(self._shown)

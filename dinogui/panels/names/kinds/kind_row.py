"""The chips of the kinds, in two lines at most; all kinds are in a list behind the last chip."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import SPACE
from dinogui.panels.names.kinds.kind_chip import KindChip
from dinogui.panels.names.kinds.kind_list import KindList
from dinogui.session.blend.chosen_blend import ChosenBlend
from dinogui.widgets.buttons.check_chip import CheckChip
from dinogui.widgets.buttons.chip import Chip

_LINES = 2
_MOST_CHIPS = 24
_GAP = SPACE


class KindRow(QWidget):
    """A chip for each kind, as far as they fit in two lines. Those that are chosen are among them.

    One of the chips is a stop of Tab; the arrow keys go to the others. Lives in the GUI thread.

    Parameters
    ----------
    blend : ChosenBlend

    Attributes
    ----------
    all : Chip
        Opens the list of all kinds; hidden where all have a chip.
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
        self._lines = _LINES
        self._list: KindList | None = None
        self.all = Chip("All kinds", "Search all kinds in a list", self)
        self.all.clicked.connect(self.open_list)
        self.blending = CheckChip(
            "Blend",
            "While this is on, a click on a kind adds it to the blend, or leaves it out; "
            "Ctrl+click does the same at any time",
            self,
        )
        self.setAccessibleName("Kinds of names")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        blend.changed.connect(self._show)
        blend.titles_changed.connect(self._begin)
        self._begin()

    @property
    def chips(self) -> dict[str, KindChip]:
        """The chips that are shown, by the titles of their kinds, from left to right."""
        return {title: self._chips[title] for title in self._shown}

    def show_lines(self, count: int) -> None:
        """Show so many lines of chips at most."""
        self._lines = count
        self._place()

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
            chip = self._chips[title] = KindChip(title, self)
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
        """Show which kinds are chosen."""
        self._place()
        percents = dict(self._blend.shares.of) if self._blend.shares is not None else {}
        for title in self._shown:
            count = self._blend.counts.get(title, 0)
            self._chips[title].show_chosen(percents.get(title), count)

    # The arrangement

    def minimumSizeHint(self) -> QSize:
        """Return the width of the chips that stand for the list and for blending."""
        widest = max(self.all.sizeHint().width(), self.blending.sizeHint().width())
        return QSize(widest, self.height())

    def sizeHint(self) -> QSize:
        """Return a width in which some chips fit."""
        return QSize(2 * self.minimumSizeHint().width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many chips as fit."""
        super().resizeEvent(event)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Show as many chips as fit in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show()

    def _place(self) -> None:
        titles = self._blend.titles
        if not titles:
            return
        chosen = self._blend.shares.titles if self._blend.shares is not None else ()
        for count in range(min(len(titles), _MOST_CHIPS), -1, -1):
            first = set(titles[:count])
            self._shown = [title for title in titles if title in first or title in chosen]
            places, height = self._flow()
            if places is not None:
                break
        else:  # not even the chosen ones fit
            self._shown = []
            places, height = self._flow()
        for title, chip in self._chips.items():
            chip.setVisible(title in self._shown)
        self.all.setVisible(len(self._shown) < len(titles))
        for part, place in zip(self._parts(), places or [], strict=False):
            part.move(place)
            part.resize(part.sizeHint().boundedTo(QSize(max(self.width(), 1), part.height() * 4)))
        if self.minimumHeight() != height:
            self.setFixedHeight(height)
        self._mark_stop()

    def _parts(self) -> list[QWidget]:
        """Return what is shown, from left to right."""
        chips: list[QWidget] = [self._chip(title) for title in self._shown]
        is_cut = len(self._shown) < len(self._blend.titles)
        return [*chips, *([self.all] if is_cut else []), self.blending]

    def _flow(self) -> tuple[list[QPoint] | None, int]:
        """Return where the parts are, None if they need too many lines, and the height of all."""
        places, x, y, line = list[QPoint](), 0, 0, 1
        height = max(part.sizeHint().height() for part in (self.all, self.blending))
        for part in self._parts():
            hint = part.sizeHint()
            if x and x + hint.width() > self.width():
                x, y, line = 0, y + height + _GAP, line + 1
            places.append(QPoint(x, y + (height - hint.height()) // 2))
            x += hint.width() + _GAP
        is_cut_down = bool(self._shown)
        return (None if line > self._lines and is_cut_down else places), y + height

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

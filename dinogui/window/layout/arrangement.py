"""Puts the parts of the window in their places: three columns, or two where it is narrow."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE, Theme
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.widgets.cards.card import Card
from dinogui.widgets.cards.grip_splitter import HANDLE, GripSplitter
from dinogui.widgets.cards.pages import Pages
from dinogui.window.layout.left_column import LeftColumn
from dinogui.window.layout.panels_card import PanelsCard
from dinogui.window.layout.plot_foot import PlotFoot
from dinogui.window.layout.right_columns import RightColumn, RightColumns
from dinogui.window.layout.top_bar import TopBar
from engine.data.training_data import DataKind

PLOT_HEIGHT = 240
"""The plot with its head and foot is never lower, in pixels. With larger text, it is higher."""

_PLOT_LEAST = 224
"""The same where larger text leaves a short window less room."""
_LEFT_MOST = 0.4
"""In larger text, the left column takes this share of the width, unless it needs more."""

KINDS_AT_FIRST: tuple[DataKind, ...] = ("names", "text")
"""The kinds of data whose columns every window has from the beginning."""

_LEFT = 268
_RIGHT = 400
_RIGHT_LEAST = 300
_WIDE = 1400
"""From this width on, the right column has its full width at first."""
_RIGHT_SHARE = 0.28
"""The right column's share of the width of a window that is less wide."""
_CENTRE = 360
_PLOT_SHARE, _NARROW_PLOT_SHARE = 0.48, 0.6
_NAMES_SHARE = 0.8
_NARROW = " narrow"
"""Ends the key of sizes that were chosen while the window was narrow."""
_NO_LIMIT = 16_777_215
"""Qt's greatest size of a widget."""
_SHORT = 700
"""Below this height of the body, in pixels at the usual text size, cards are folded."""
_TIGHT = 520
"""The same for where even folded cards are short of room."""


@dataclass(frozen=True)
class LaidOut:
    """What is arranged.

    Attributes
    ----------
    top_bar : TopBar
    left : LeftColumn
    plot : LossPlot
    foot : PlotFoot
        What stands below the plot.
    panels : PanelsCard
    columns : RightColumns
        The names, the text and the melodies: one of them is shown at a time.
    lane_names : QWidget
        Stands in place of the names while there is a race.
    """

    top_bar: TopBar
    left: LeftColumn
    plot: LossPlot
    foot: PlotFoot
    panels: PanelsCard
    columns: RightColumns
    lane_names: QWidget


class Arrangement(QWidget):
    """The content of the main window.

    Lives in the GUI thread.

    Parameters
    ----------
    parts : LaidOut
    theme : Theme
        Says how large the text is, and with it the columns.

    Attributes
    ----------
    columns, centre, right : GripSplitter
    samples, logs : Pages
        What stands in the right column, or in the panels' card.

    Signals
    -------
    narrowed(bool)
        The right column has moved into the panels' card (True), or back.
    """

    narrowed = Signal(bool)

    def __init__(self, parts: LaidOut, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts, self._theme = parts, theme
        self._is_narrow = False
        self._title = "Names"
        self._shown: list[RightColumn] = []  # those that have been shown so far
        self._sizes: dict[str, list[int]] = {}  # those that somebody chose, by splitter
        self.samples, self.logs = Pages(), Pages()
        self._buttons = Pages()  # while the window is narrow: those of the samples
        self._buttons.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.samples.addWidget(parts.lane_names)
        self._buttons_of_race = QWidget()  # the names of lanes have their own beside them
        for kind in KINDS_AT_FIRST:
            self._add_column(parts.columns.of(kind))
        self.samples_card = Card("What the network writes", "Names")
        self.logs_card = Card("As it learned")
        self.loss_card = Card("Loss")
        self._lay_out()
        for splitter in (self.columns, self.centre, self.right):
            splitter.defaults_requested.connect(self.reset)
            splitter.splitterMoved.connect(self._note_moved)
        parts.left.turned.connect(self._share_all)
        parts.panels.emptied.connect(self._slide_centre)
        self.centre.slid.connect(self._limit_panels)
        self._share_centre()

    def _lay_out(self) -> None:
        parts = self._parts
        parts.plot.foot.addWidget(parts.foot)
        self.loss_card.set_margins(3 * SPACE, SPACE)
        self.loss_card.body.setSpacing(0)
        self.loss_card.body.addWidget(parts.plot, 1)
        self.samples_card.body.addWidget(self.samples)
        self.logs_card.body.addWidget(self.logs)
        self.columns = GripSplitter(Qt.Orientation.Horizontal, "columns")
        self.centre = GripSplitter(Qt.Orientation.Vertical, "centre")
        self.right = GripSplitter(Qt.Orientation.Vertical, "right")
        for card in (self.loss_card, parts.panels):
            self.centre.addWidget(card)
        for card in (self.samples_card, self.logs_card):
            self.right.addWidget(card)
        for column in (parts.left, self.centre, self.right):
            self.columns.addWidget(column)
        self.columns.setStretchFactor(1, 1)
        self.centre.setStretchFactor(0, 1)
        self.centre.setStretchFactor(1, 1)
        self.right.setStretchFactor(0, 1)
        body = QVBoxLayout()
        body.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        body.addWidget(self.columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(parts.top_bar)
        layout.addLayout(body, 1)

    # What is shown

    def show_kind(self, kind: DataKind, *, tells: bool = False) -> None:
        """Show what is written by a network that learns from such data, and its log.

        Names may be written, or their kinds told.
        """
        column = self._parts.columns.of(kind)
        if column not in self._shown:
            self._add_column(column)
            self._fit()  # its parts may need more width
        self.logs.setCurrentWidget(column.log)
        self.logs.updateGeometry()
        self._show_samples(column.panel, "Tell the kind" if tells else column.title)

    def show_race(self, is_on: bool, kind: DataKind, *, tells: bool = False) -> None:
        """Show the names of the lanes and nothing below the plot, or what the run has again."""
        self._parts.foot.setVisible(not is_on)
        if is_on and kind == "names":
            self._show_samples(self._parts.lane_names, "Names, same dice")
        else:
            self.show_kind(kind, tells=tells)
        self.logs_card.setVisible(not is_on)

    def _add_column(self, column: RightColumn) -> None:
        self._shown.append(column)
        self.samples.addWidget(column.panel)
        self.logs.addWidget(column.log)
        if self._is_narrow:
            self._buttons.addWidget(column.page.lend_buttons())

    def _show_samples(self, panel: QWidget, title: str) -> None:
        self._title = title
        self.samples_card.set_title(title)
        self.samples.setCurrentWidget(panel)
        self.samples.updateGeometry()
        if self._is_narrow:
            self._buttons.setCurrentWidget(self._buttons_of(panel))
            self._buttons.updateGeometry()
            self._parts.panels.rename_page("samples", title)

    def _buttons_of(self, panel: QWidget | None) -> QWidget:
        """Return the buttons beside the tab, while the window is narrow."""
        for column in self._shown:
            if column.panel is panel:
                return column.page.buttons
        return self._buttons_of_race

    @Slot()
    def show_samples(self) -> None:
        """Show the names or the text, where they stand behind something else."""
        if self._is_narrow:
            self._parts.panels.show_tab("samples")

    @Slot()
    def show_log(self) -> None:
        """Show what was sampled during the training, where it stands behind something else."""
        if self._is_narrow:
            self._parts.panels.show_tab("logs")

    @property
    def is_narrow(self) -> bool:
        """Whether the right column stands in the panels' card."""
        return self._is_narrow

    @property
    def around_the_plot(self) -> tuple[QWidget, ...]:
        """Everything but the plot's card."""
        parts = self._parts
        return parts.top_bar, parts.left, parts.panels, self.right

    @property
    def cards(self) -> tuple[QWidget, ...]:
        """The top bar and all cards, from left to right."""
        parts = self._parts
        centre = (self.loss_card, parts.panels)
        return (parts.top_bar, *parts.left.all_cards, *centre, self.samples_card, self.logs_card)

    # Sizes

    @Slot()
    def reset(self) -> None:
        """Give everything its usual size."""
        self._sizes = {}
        self._share_all()

    @property
    def chosen_sizes(self) -> dict[str, list[int]]:
        """The sizes that somebody has chosen, by the key of a splitter in one of its states."""
        return dict(self._sizes)

    @property
    def size_keys(self) -> tuple[tuple[str, int], ...]:
        """All keys that `chosen_sizes` can have, each with its number of sizes."""
        return tuple(
            (f"{splitter.objectName()}{state}", splitter.count())
            for splitter in self.splitters
            for state in ("", _NARROW)
        )

    def use_sizes(self, sizes: dict[str, list[int]]) -> None:
        """Use sizes that were chosen earlier."""
        self._sizes = dict(sizes)
        self._share_all()

    def _key(self, splitter: GripSplitter) -> str:
        return splitter.objectName() + (_NARROW if self._is_narrow else "")

    @property
    def splitters(self) -> tuple[GripSplitter, ...]:
        """All splitters."""
        return self.columns, self.centre, self.right

    @Slot()
    def _note_moved(self) -> None:
        splitter = self.sender()
        if isinstance(splitter, GripSplitter):
            self._sizes[self._key(splitter)] = splitter.sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what has no room, and keep the usual sizes until somebody chooses others."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit everything again in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        is_tight = self.height() < _TIGHT * self._scale
        self._parts.plot.setMinimumHeight(self._least_plot())
        self._parts.left.show_short(self.height() < _SHORT * self._scale)
        self._parts.left.show_tight(is_tight)
        self._parts.foot.show_slim(is_tight)
        self._show_narrow(self.width() < self._least_wide())
        self._share_all()

    def _least_wide(self) -> int:
        """Return the width that three columns need."""
        centre = max(round(_CENTRE * self._scale), self.loss_card.minimumSizeHint().width())
        left = self._left_width()
        pages = max(stack.minimumSizeHint().width() for stack in (self.samples, self.logs))
        right = max(round(_RIGHT_LEAST * self._scale), pages + 8 * SPACE)
        return left + centre + right + 2 * HANDLE + 4 * SPACE

    def _least_plot(self) -> int:
        """Return the height that the plot keeps whatever is dragged."""
        larger = round(PLOT_HEIGHT * self._scale)
        if self._scale == 1.0:
            return larger
        panels = self._parts.panels.minimumSizeHint().height() + HANDLE
        around = self.loss_card.minimumSizeHint().height() - self._parts.plot.minimumHeight()
        room = min(self.centre.height() - panels - around, self.height() // 2)
        return max(_PLOT_LEAST, min(larger, room))

    def _left_width(self) -> int:
        usual = round(_LEFT * self._scale)
        if self._scale > 1.0 and not self._parts.left.shows_settings:
            usual = min(usual, round(_LEFT_MOST * self.width()))
        return max(usual, self._parts.left.wanted_width)

    @property
    def _scale(self) -> float:
        return self._theme.text_scale

    def _show_narrow(self, is_narrow: bool) -> None:
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        panels = self._parts.panels
        if is_narrow:
            for column in self._shown:
                self._buttons.addWidget(column.page.lend_buttons())
            self._buttons.addWidget(self._buttons_of_race)
            self._buttons.setCurrentWidget(self._buttons_of(self.samples.currentWidget()))
            tip = "What the network writes"
            panels.add_page("samples", self._title, tip, self.samples, self._buttons)
            panels.add_page("logs", "As it learned", "What it wrote as it learned", self.logs)
        else:
            panels.take_pages()
            self._buttons.hide()
            for column in self._shown:
                column.page.take_buttons_back()
            self._buttons.removeWidget(self._buttons_of_race)
            for stack, card in ((self.samples, self.samples_card), (self.logs, self.logs_card)):
                card.body.addWidget(stack)
                stack.show()
        self.right.setVisible(not is_narrow)
        self.columns.refresh()  # otherwise the handle of the hidden column has room until later
        self._share_all()
        self.narrowed.emit(is_narrow)

    @Slot()
    def _share_all(self) -> None:
        """Give everything its usual size, or the one that somebody chose."""
        room = self.columns.width()
        left = self._left_width()
        is_wide = room >= _WIDE * self._scale
        right = round(_RIGHT * self._scale if is_wide else _RIGHT_SHARE * room)
        self._share(self.columns, [left, max(room - left - right, 1), right])
        height = self.right.height()
        names = round(_NAMES_SHARE * height)
        self._share(self.right, [names, height - names])
        self._share_centre()

    def _share(self, splitter: GripSplitter, usual: list[int]) -> None:
        splitter.setSizes(self._sizes.get(self._key(splitter), usual))

    def _share_centre(self) -> None:
        """Give the plot all the room that the panels do not need."""
        self.centre.finish_sliding()
        self._limit_panels()
        self.centre.setSizes(self._centre_sizes())

    @Slot()
    def _slide_centre(self) -> None:
        """Let one see how the plot gets the room of the panels, or gives it back."""
        self.centre.finish_sliding()
        panels = self._parts.panels
        panels.setMinimumHeight(min(panels.height(), panels.minimumSizeHint().height()))
        panels.setMaximumHeight(_NO_LIMIT)
        self.centre.slide_to(self._centre_sizes())

    @Slot()
    def _limit_panels(self) -> None:
        """Let the panels take any height, or only that of their tabs if none is open."""
        panels = self._parts.panels
        panels.setMinimumHeight(0)
        least = panels.minimumSizeHint().height()
        panels.setMaximumHeight(least if panels.is_empty else _NO_LIMIT)

    def _centre_sizes(self) -> list[int]:
        """Return the heights of the plot's card and the panels' card in pixels."""
        panels, height = self._parts.panels, max(self.centre.height(), 2)
        if panels.is_empty:
            least = panels.minimumSizeHint().height()
            return [height - least, least]
        plot = round((_NARROW_PLOT_SHARE if self._is_narrow else _PLOT_SHARE) * height)
        return self._sizes.get(self._key(self.centre), [plot, height - plot])

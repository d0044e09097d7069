"""The left column: the cards Knobs, Model and Runs, or all settings of the model."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.cards.card import Card
from dinogui.widgets.vertical_scroll import VerticalScroll

_LEAST_SETTINGS = 24
"""Characters: where a narrow window has larger text, the settings scroll sideways, too."""


class _SettingsScroll(VerticalScroll):
    """Scrolls both ways where there is less room than the settings need."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    @property
    def wanted_width(self) -> int:
        """The width at which nothing scrolls sideways, in pixels."""
        return super().minimumSizeHint().width()

    def minimumSizeHint(self) -> QSize:
        """Return the room of some of the settings."""
        least = _LEAST_SETTINGS * self.fontMetrics().averageCharWidth()
        hint = super().minimumSizeHint()
        return QSize(min(least, hint.width()), hint.height())


class LeftColumn(QWidget):
    """Shows the cards, which scroll where the height is short, or the settings in their place.

    Lives in the GUI thread.

    Parameters
    ----------
    cards : sequence of Card
        From top to bottom. The first one is what matters most.
    settings : QWidget
        All settings of the model.
    foot : QWidget
        Stays below both.
    race : Card
        Stands in place of all cards but the last one while there is a race.

    Signals
    -------
    turned()
        The cards were replaced by the settings, or the other way round.
    tightened(bool)
        The cards have less height than they need even while they are folded (True), or enough.
    """

    turned = Signal()
    tightened = Signal(bool)

    def __init__(
        self,
        cards: Sequence[Card],
        settings: QWidget,
        foot: QWidget,
        race: Card,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.cards = tuple(cards)
        self._foot, self.race = foot, race
        self._is_short: bool | None = None
        self._is_tight = False
        inside = QWidget()
        stack = QVBoxLayout(inside)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2 * SPACE)
        for card in (race, *cards):
            stack.addWidget(card)
        stack.addStretch(1)
        self._scroll = VerticalScroll(inside)
        self.settings = Card("All settings", "All settings")
        self.back = QToolButton()
        self.back.setText("Done")
        self.back.setToolTip("Show the knobs again")
        self.back.setAccessibleName("Done with all settings")
        self.back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back.clicked.connect(self.show_cards)
        self.settings.add_to_head(self.back)
        self._settings_scroll = _SettingsScroll(settings)
        self.settings.body.addWidget(self._settings_scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.settings, 1)
        layout.addWidget(foot)
        self.settings.hide()

    @property
    def shows_settings(self) -> bool:
        """Whether the settings stand in place of the cards."""
        return not self.settings.isHidden()

    @property
    def all_cards(self) -> tuple[Card, ...]:
        """The cards, and those of a race and of all settings, which stand in their place."""
        return (self.race, *self.cards, self.settings)

    @property
    def wanted_width(self) -> int:
        """The width at which nothing in the column scrolls sideways, in pixels."""
        if not self.shows_settings:
            return self.minimumSizeHint().width()
        scroll = self._settings_scroll
        around = self.settings.minimumSizeHint().width() - scroll.minimumSizeHint().width()
        return around + scroll.wanted_width

    @Slot()
    def show_settings(self) -> None:
        """Show all settings of the model."""
        self._turn(True)

    @Slot()
    def show_cards(self) -> None:
        """Show the cards."""
        self._turn(False)

    @Slot()
    def turn(self) -> None:
        """Show the settings in place of the cards, or the other way round."""
        self._turn(not self.shows_settings)

    def show_race(self, is_on: bool) -> None:
        """Show the card of a race in place of the cards of the run that stands."""
        if is_on:
            self.show_cards()
        for card in self.cards[:-1]:
            card.setVisible(not is_on)
        self._foot.setVisible(not is_on)
        self.race.setVisible(is_on)

    def _turn(self, shows_settings: bool) -> None:
        if shows_settings == self.shows_settings:
            return
        self._scroll.setVisible(not shows_settings)
        self.settings.setVisible(shows_settings)
        if shows_settings:
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.turned.emit()

    def show_tight(self, is_tight: bool) -> None:
        """Say whether there is little height even for folded cards."""
        if is_tight != self._is_tight:
            self._is_tight = is_tight
            self.tightened.emit(is_tight)

    def show_short(self, is_short: bool) -> None:
        """Fold all cards but the first where the window is short; unfold them in a tall one.

        A card that somebody folds or unfolds stays so until the window becomes short or tall.
        """
        if is_short == self._is_short:
            return
        self._is_short = is_short
        for card in self.cards[1:]:
            card.fold(is_short)

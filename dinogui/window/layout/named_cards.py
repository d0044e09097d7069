"""The cards by their names, and what brings each of them to where it can be seen and used."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from dinogui.widgets.cards.card import Card
from dinogui.window.layout.arrangement import Arrangement
from dinogui.window.layout.card_keys import give_focus
from dinogui.window.layout.left_column import LeftColumn
from dinogui.window.layout.presentation import Presentation


@dataclass(frozen=True)
class NamedCard:
    """A card that can be asked for.

    Attributes
    ----------
    key : str
        Identifies it, also after a restart.
    title : str
        As its head has it.
    also : str
        More words for it.
    card : Card
    """

    key: str
    title: str
    also: str
    card: Card


class NamedCards:
    """Lists the cards, and opens them.

    Lives in the GUI thread.

    Parameters
    ----------
    arrangement : Arrangement
    left : LeftColumn
    presentation : Presentation
        Shows everything again if only the plot is shown.
    """

    def __init__(
        self, arrangement: Arrangement, left: LeftColumn, presentation: Presentation
    ) -> None:
        self._arrangement, self._left = arrangement, left
        self._presentation = presentation

    def __iter__(self) -> Iterator[NamedCard]:
        """Return the cards that there are now: a race has others than a single run."""
        arrangement, left = self._arrangement, self._left
        words = {"Knobs": "sliders hyperparameters", "Model": "network cell", "Runs": "earlier"}
        for card in (left.race, *left.cards):
            if not card.isHidden():
                yield _named(card, words.get(card.title, ""))
        if left.race.isHidden():
            yield _named(left.settings, "model network hyperparameters options presets")
        yield NamedCard("card/Loss", "Loss", "plot curve", arrangement.loss_card)
        samples = arrangement.samples_card
        yield NamedCard("card/samples", samples.title, "what the network writes", samples)
        if not arrangement.logs_card.isHidden():
            yield NamedCard("card/logs", "As it learned", "log", arrangement.logs_card)

    def open(self, named: NamedCard) -> None:
        """Show a card whole, wherever it stands, and give its first control the focus."""
        arrangement, left, card = self._arrangement, self._left, named.card
        self._presentation.leave()
        card.fold(False)
        if card is left.settings:
            left.show_settings()
        elif card in (left.race, *left.cards):
            left.show_cards()
        elif card is arrangement.samples_card:
            arrangement.show_samples()
        elif card is arrangement.logs_card:
            arrangement.show_log()
        # What was folded or hidden has its place only after it has been laid out.
        QTimer.singleShot(0, card, partial(give_focus, self._holder(card)))

    def _holder(self, card: Card) -> QWidget:
        """Return what holds the controls of a card: in a narrow window, some stand in a tab."""
        arrangement = self._arrangement
        if arrangement.is_narrow and card is arrangement.samples_card:
            return arrangement.samples
        if arrangement.is_narrow and card is arrangement.logs_card:
            return arrangement.logs
        return card


def _named(card: Card, also: str) -> NamedCard:
    return NamedCard(f"card/{card.title}", card.title, also, card)

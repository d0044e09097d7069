"""Cards: what they show, and how they are folded."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from dinogui.widgets.cards.card import Card


def test_a_card_folds_to_its_head_and_says_so(show, qtbot):
    card = Card("Runs", "Runs", can_fold=True)
    body = QLabel("body")
    card.body.addWidget(body)
    show(card)
    told = []
    card.folded.connect(told.append)
    whole = card.sizeHint().height()
    assert card.fold_button.accessibleName() == "Fold Runs"
    qtbot.mouseClick(card.fold_button, Qt.MouseButton.LeftButton)
    assert card.is_folded
    assert not body.isVisible()
    assert card.sizeHint().height() < whole
    assert card.fold_button.accessibleName() == "Show Runs"
    qtbot.mouseClick(card.fold_button, Qt.MouseButton.LeftButton)
    assert body.isVisible()
    assert told == [True, False]

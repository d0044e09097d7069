"""Cards: what they show, and how they are folded."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QLabel

from dinogui.common.motion import reduce_motion
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


def test_a_click_anywhere_on_the_head_folds_the_card_or_shows_it(show, qtbot):
    card = Card("Runs", "Runs", can_fold=True)
    body = QLabel("body")
    card.body.addWidget(body)
    card.note.show_text("2 earlier")
    show(card)
    left, title, note = (Qt.MouseButton.LeftButton, card.findChild(QLabel), card.note)
    qtbot.mouseClick(title, left)
    assert card.is_folded
    qtbot.mouseClick(note, left)
    assert not card.is_folded
    qtbot.mouseClick(card, left, pos=QPoint(card.width() // 2, 2))
    assert card.is_folded, "the room around the words belongs to the head"
    qtbot.mouseClick(card, left, pos=QPoint(card.width() // 2, card.height() - 3))
    assert not card.is_folded, "of a folded card, all is head"
    qtbot.mouseClick(card, left, pos=QPoint(card.width() // 2, card.height() - 3))
    qtbot.mouseClick(body, left)
    qtbot.mouseClick(title, Qt.MouseButton.RightButton)
    assert not card.is_folded
    qtbot.mousePress(title, left)
    qtbot.mouseRelease(card, left, pos=QPoint(5, card.height() - 3))
    assert not card.is_folded, "the mouse was moved away"


def test_a_card_that_cannot_fold_takes_no_clicks(show, qtbot):
    card = Card("Knobs", "Knobs")
    card.body.addWidget(QLabel("body"))
    show(card)
    qtbot.mouseClick(card.findChild(QLabel), Qt.MouseButton.LeftButton)
    assert not card.is_folded


class Counter(QObject):
    """Counts how often a widget is given another size."""

    def __init__(self, watched):
        super().__init__(watched)
        self.resizes = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.resizes += event.type() == QEvent.Type.Resize
        return False


@pytest.fixture
def tall(show):
    """Return a card in a column that leaves its height to it, and what it shows."""
    card = Card("Runs", "Runs", can_fold=True)
    body = QLabel("one\ntwo\nthree\nfour")
    card.body.addWidget(body)
    show(card)
    column = card.parentWidget()
    column.layout().addStretch(1)
    column.resize(300, 400)
    column.layout().activate()
    return card, body


def click(qtbot, card):
    qtbot.mouseClick(card.fold_button, Qt.MouseButton.LeftButton)


def test_it_rolls_up_and_down_and_ends_as_it_does_without_motion(tall, qtbot):
    card, body = tall
    whole = card.height()
    click(qtbot, card)
    qtbot.waitUntil(lambda: card.height() < whole)
    folded, place = card.height(), body.geometry()
    click(qtbot, card)
    qtbot.waitUntil(lambda: card.height() == whole)
    reduce_motion(False)
    for wanted, last in ((True, folded), (False, whole)):
        count = Counter(body)
        click(qtbot, card)
        assert card.is_folded is wanted, "the state is the new one at once"
        assert card.height() == (whole if wanted else folded)
        qtbot.waitUntil(lambda: folded < card.height() < whole)
        assert body.isVisible(), "one sees it on the way"
        qtbot.waitUntil(lambda last=last: card.height() == last)
        qtbot.waitUntil(lambda: card.maximumHeight() > 10_000)
        assert body.isVisible() is not wanted
        assert count.resizes == 0, "the content is not laid out in each frame"
    assert body.geometry() == place


def test_a_second_click_on_the_way_ends_the_first_roll(tall, qtbot):
    card, body = tall
    whole = card.height()
    reduce_motion(False)
    click(qtbot, card)
    qtbot.waitUntil(lambda: card.height() < whole)
    click(qtbot, card)
    assert not card.is_folded
    qtbot.waitUntil(lambda: card.maximumHeight() > 10_000)
    assert card.height() == whole
    assert body.isVisible()


def test_its_content_fits_when_the_card_became_narrower_on_the_way(tall, qtbot):
    card, body = tall
    click(qtbot, card)
    reduce_motion(False)
    margin = card.contentsRect().right() - body.mapTo(card, body.rect().topRight()).x()
    click(qtbot, card)
    qtbot.waitUntil(lambda: card.maximumHeight() < 10_000)
    card.parentWidget().resize(280, 400)  # as when a scroll bar appears beside the card
    qtbot.waitUntil(lambda: card.maximumHeight() > 10_000)
    qtbot.waitUntil(lambda: card.width() <= 280)
    right = body.mapTo(card, body.rect().topRight()).x()
    assert card.contentsRect().right() - right == margin


def test_it_is_folded_at_once_where_nobody_has_clicked(tall):
    card, body = tall
    reduce_motion(False)
    card.fold(True)
    assert not body.isVisible()
    assert card.maximumHeight() > 10_000

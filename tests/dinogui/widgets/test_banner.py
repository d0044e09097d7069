import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from dinogui.widgets.banner import Banner


@pytest.fixture
def banner(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


def buttons(banner):
    return [b for b in banner.findChildren(QAbstractButton) if b.isVisible()]


def test_the_banner_shows_its_message_until_it_is_closed(banner, qtbot):
    assert not banner.isVisible()
    banner.say("The file is empty.")
    assert banner.isVisible()
    assert banner.message == "The file is empty."
    (close,) = buttons(banner)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


@pytest.mark.layout
def test_the_banner_covers_its_parent_without_moving_anything(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(400, 300)
    banner = Banner(parent)
    parent.show()
    banner.say("The loss was lost. " * 10)
    for width, height in ((400, 300), (700, 500)):
        parent.resize(width, height)
        assert parent.rect().contains(banner.geometry())
        assert banner.geometry().top() < 20
        assert banner.width() > width - 20


def test_the_button_of_the_banner_runs_its_action(banner, qtbot):
    done = []
    action = QAction("&Restart", banner)
    action.triggered.connect(lambda: done.append(1))
    banner.say("The loss was lost.", action)
    button = next(button for button in buttons(banner) if button.text() == "Restart")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert not banner.isVisible()


def click(qtbot, banner, text):
    button = next(b for b in buttons(banner) if text in (b.text(), b.accessibleName()))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def questions(banner):
    """Return two actions: an answer to a first question, and one to a second."""
    return QAction("Restart", banner), QAction("Go back", banner)


def test_a_question_that_is_covered_comes_back(banner, qtbot, questions):
    first, second = questions
    banner.say("The loss was lost.", first)
    assert banner.waiting == ""
    banner.say("The loss has risen.", second)
    assert (banner.message, banner.waiting) == ("The loss has risen.", "1 more")
    banner.say("The file is empty.")
    assert (banner.message, banner.waiting) == ("The file is empty.", "2 more")
    click(qtbot, banner, "Close message")
    assert (banner.message, banner.waiting) == ("The loss has risen.", "1 more")
    click(qtbot, banner, "Go back")
    assert (banner.message, banner.waiting) == ("The loss was lost.", "")
    assert "Restart" in [button.text() for button in buttons(banner)]
    click(qtbot, banner, "Restart")
    assert not banner.isVisible()


def test_a_notice_replaces_the_notice_before_it(banner, qtbot):
    banner.say("The file is empty.")
    banner.say("The file is large.")
    assert banner.waiting == ""
    click(qtbot, banner, "Close message")
    assert not banner.isVisible()


def test_a_message_replaces_the_one_about_the_same_topic(banner, questions):
    topic = object()
    banner.say("The loss has risen to 50.", questions[0], topic=topic)
    banner.say("The loss has risen to 80.", questions[0], topic=topic)
    assert (banner.message, banner.waiting) == ("The loss has risen to 80.", "")


def test_a_message_can_be_taken_back_while_it_is_covered_or_shown(banner, questions):
    one, other = object(), object()
    banner.say("The loss was lost.", questions[0], topic=one)
    banner.say("The loss has risen.", questions[1], topic=other)
    banner.withdraw(one)
    assert (banner.message, banner.waiting) == ("The loss has risen.", "")
    banner.say("The loss was lost.", questions[0], topic=one)
    banner.withdraw(one)
    assert banner.message == "The loss has risen."
    assert banner.isVisible()
    banner.withdraw(other)
    assert not banner.isVisible()


def test_messages_without_a_topic_are_taken_back_together(banner, questions):
    banner.say("The loss was lost.", questions[0], topic=banner)
    banner.say("The run before is kept.", questions[1])
    banner.say("The file is empty.")
    banner.withdraw(None)
    assert (banner.message, banner.waiting) == ("The loss was lost.", "")
    assert banner.isVisible()
    banner.clear()
    assert not banner.isVisible()


def test_an_icon_tells_a_question_from_a_notice(banner, questions, qtbot):
    def sign():
        place = next(w for w in banner.findChildren(QWidget) if type(w).__name__ == "_Sign")
        return place.grab().toImage()

    banner.say("Saved.")
    notice = sign()
    banner.say("Go on?", questions[0])
    question = sign()
    assert question != notice
    click(qtbot, banner, "Close message")
    banner.say("Saved again.")
    assert sign() == notice


@pytest.fixture
def in_parent(qtbot):
    """Return a banner over a part of a parent of 500 x 300 pixels, and the rooms it has taken."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(500, 300)
    part = QWidget(parent)
    part.setGeometry(0, 40, 500, 200)
    banner, rooms = Banner(parent, part), []
    banner.room_changed.connect(lambda: rooms.append(banner.wanted_room))
    parent.show()
    yield banner, rooms
    parent.close()


@pytest.mark.layout
def test_it_says_how_much_room_it_takes_until_it_is_closed(in_parent, qtbot):
    banner, rooms = in_parent
    banner.say("The file is empty.")
    assert rooms == [banner.geometry().bottom() + 1 + Banner.MARGIN - 40]
    banner.say("The file is empty. " * 10)
    assert rooms[-1] > rooms[0]
    click(qtbot, banner, "Close message")
    assert rooms[-1] == 0


@pytest.mark.layout
def test_its_buttons_stand_beside_a_short_text_and_below_a_long_one(in_parent, qtbot):
    banner, _ = in_parent
    action = QAction("Restart", banner)
    banner.say("The loss was lost.", action)

    def button_and_text():
        QApplication.processEvents()
        button = next(b for b in buttons(banner) if b.text() == "Restart")
        text = next(part for part in banner.findChildren(QLabel) if part.text() == banner.message)
        return [part.rect().translated(part.mapTo(banner, QPoint())) for part in (button, text)]

    button, text = button_and_text()
    assert button.left() > text.right()
    assert button.top() < text.bottom()
    banner.say("The loss was lost, and nobody knows where it is now. " * 14, action)

    def is_below():
        button, text = button_and_text()
        return button.top() > text.bottom()

    qtbot.waitUntil(is_below)


@pytest.mark.layout
def test_a_text_that_is_too_long_scrolls_and_its_buttons_stay_in_sight(in_parent):
    banner, rooms = in_parent
    banner.say("The loss was lost, and nobody knows where it is now. " * 40, QAction("Go", banner))
    QApplication.processEvents()
    assert banner.parentWidget().rect().contains(banner.geometry())
    button = next(b for b in buttons(banner) if b.text() == "Go")
    assert banner.rect().contains(button.rect().translated(button.mapTo(banner, QPoint())))
    assert banner.findChild(QScrollArea).verticalScrollBar().maximum() > 0
    assert rooms[-1] < 200, "something is left of the part below it"

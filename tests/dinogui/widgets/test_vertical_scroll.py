from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dinogui.widgets.vertical_scroll import VerticalScroll


def test_it_is_as_wide_as_its_content_needs_and_scrolls_vertically(qtbot):
    widths = []
    for text in ("A label", "A label that is much longer than the other one"):
        content = QWidget()
        layout = QVBoxLayout(content)
        for _ in range(30):
            layout.addWidget(QLabel(text))
        area = VerticalScroll(content)
        qtbot.addWidget(area)
        area.resize(area.minimumSizeHint().width(), 100)
        area.show()
        qtbot.waitUntil(lambda area=area: area.verticalScrollBar().maximum() > 0)
        assert content.width() >= content.minimumSizeHint().width()
        assert area.viewport().width() >= content.width()
        widths.append(area.width())
    assert widths[1] > 1.5 * widths[0]


def test_it_widens_with_its_content(qtbot):
    label = QLabel("A label")
    content, window = QWidget(), QWidget()
    QVBoxLayout(content).addWidget(label)
    QVBoxLayout(window).addWidget(VerticalScroll(content))
    qtbot.addWidget(window)
    window.show()
    before = window.minimumSizeHint().width()
    label.setText("A label that is much longer than before, and needs a wider window")
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() > 1.5 * before)


def test_content_that_keeps_its_width_does_not_move_when_the_bar_appears(qtbot):
    content = QWidget()
    area = VerticalScroll(content, keeps_width=True)
    qtbot.addWidget(area)
    area.resize(200, 300)
    with qtbot.waitExposed(area):
        area.show()
    width = content.width()
    content.setMinimumHeight(900)
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    qtbot.waitUntil(lambda: content.width() == width)
    content.setMinimumHeight(0)
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisible())
    qtbot.waitUntil(lambda: content.width() == width)

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dinogui.widgets.vertical_scroll import VerticalScroll


def test_it_is_as_wide_as_its_content_in_any_font_and_scrolls_upright(qtbot):
    content = QWidget()
    layout = QVBoxLayout(content)
    for _ in range(30):
        layout.addWidget(QLabel("A rather long label"))
    area = VerticalScroll(content)
    qtbot.addWidget(area)
    widths = []
    for size in (9, 20):
        font = area.font()
        font.setPointSize(size)
        area.setFont(font)
        area.resize(area.minimumSizeHint().width(), 100)
        area.show()
        qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
        assert content.width() >= content.minimumSizeHint().width()
        assert area.viewport().width() >= content.width()
        widths.append(area.width())
    assert widths[1] > 1.5 * widths[0]

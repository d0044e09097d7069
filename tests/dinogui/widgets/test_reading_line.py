import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dinogui.widgets.reading_line import ReadingLine


class LayoutCounter(QObject):
    """Counts how often a widget is laid out again."""

    count = 0

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.LayoutRequest:
            self.count += 1
        return False


@pytest.mark.layout
def test_a_new_text_is_shown_without_a_new_layout(qtbot, qapp):
    around = QWidget()
    qtbot.addWidget(around)
    line = ReadingLine("What it says")
    QVBoxLayout(around).addWidget(line)
    around.resize(200, 60)
    around.show()
    qapp.processEvents()
    counter = LayoutCounter()
    around.installEventFilter(counter)
    blank = line.grab().toImage()
    line.show_text("a long text " * 50)
    qapp.processEvents()
    assert line.text() == line.accessibleDescription() == "a long text " * 50
    assert line.grab().toImage() != blank
    assert counter.count == 0
    assert around.width() == 200

from PySide6.QtGui import QColor, QFont, QFontMetrics

from dinogui.panels.loss import best_mark
from dinogui.panels.loss.best_mark import BestMark
from dinogui.panels.loss.scales import HorizontalScale, ViewScale


def test_the_text_is_measured_once(qapp, monkeypatch):
    measured = []

    class CountedMetrics(QFontMetrics):
        def __init__(self, font):
            measured.append(font)
            super().__init__(font)

    monkeypatch.setattr(best_mark, "QFontMetrics", CountedMetrics)
    scale = ViewScale.of(((0.0, 100.0), (0.0, 10.0)), 400, 300, HorizontalScale())
    mark = BestMark(50.0, 5.0, "best 5.000", QFont(), QColor("black"), QColor("white"))
    first = mark.area(scale, 400, 300)
    assert mark.area(scale, 400, 300) == first
    assert len(measured) == 1
    assert first.contains(200, 150)
    assert first.width() > QFontMetrics(QFont()).horizontalAdvance("best 5.000")

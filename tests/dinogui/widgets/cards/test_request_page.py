"""Pages for requests: one column, or two where the page is low and wide."""

from PySide6.QtWidgets import QLabel, QTextEdit

from dinogui.widgets.cards.request_page import RequestPage


def test_the_answer_stands_below_the_request_or_beside_it(qtbot):
    request, answer, message, buttons = QLabel("request"), QTextEdit(), QLabel("m"), QLabel("b")
    answer.setMinimumHeight(40)
    page = RequestPage(request, answer, message, buttons)
    qtbot.addWidget(page)
    line = page.fontMetrics().height()
    page.resize(25 * line, 40 * line)
    page.show()

    def top(part):
        return part.mapTo(page, part.rect().topLeft())

    qtbot.waitUntil(lambda: top(request).y() < top(answer).y() < top(message).y())
    assert top(message).y() < top(buttons).y()
    page.resize(45 * line, 12 * line)
    qtbot.waitUntil(lambda: top(answer).x() > top(request).x())
    assert top(answer).y() == 0
    assert top(buttons).x() == top(request).x()
    assert top(message).x() == top(answer).x()
    page.resize(25 * line, 40 * line)
    qtbot.waitUntil(lambda: top(answer).x() == 0)


def test_some_lines_of_the_request_are_always_shown(qtbot):
    long, short = QLabel("\n".join("request")), QLabel("request")
    for request, lines in ((long, 5), (short, 1)):
        page = RequestPage(request, QTextEdit(), QLabel("m"), QLabel("b"))
        qtbot.addWidget(page)
        page.resize(page.minimumSizeHint())
        page.show()
        line = page.fontMetrics().lineSpacing()
        assert request.visibleRegion().boundingRect().height() >= min(
            lines * line, request.height()
        )

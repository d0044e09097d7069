import pytest

from dinogui.widgets.message_line import MessageLine


@pytest.mark.layout
def test_the_height_does_not_depend_on_the_message(qtbot):
    line = MessageLine(2, "Message")
    qtbot.addWidget(line)
    line.resize(200, line.height())
    line.show()
    height = line.height()
    line.say("Short.")
    assert (line.text(), line.toolTip(), line.height()) == ("Short.", "", height)
    long = "Much too long for two lines of so narrow a label. " * 5
    line.say(long, is_error=True)
    assert line.height() == height
    assert line.text().endswith(" …")
    assert long.startswith(line.text().removesuffix(" …"))
    assert line.toolTip() == line.message == long
    assert line.is_error
    line.resize(2_000, height)
    assert line.text() == long
    line.say("")
    assert (line.text(), line.height(), line.is_error) == ("", height, False)


@pytest.mark.layout
def test_a_message_may_take_more_lines(qtbot):
    line = MessageLine(1, "Message", most=3)
    qtbot.addWidget(line)
    line.resize(200, line.height())
    line.show()
    height, spacing = line.height(), line.fontMetrics().lineSpacing()
    two = "Too long for one line of so narrow a label."
    line.say(two)
    assert (line.text(), line.height()) == (two, height + spacing)
    line.say(two * 9)
    assert line.height() == height + 2 * spacing
    assert line.text().endswith(" …")
    line.say(two)
    line.resize(1_000, line.height())
    assert (line.text(), line.height()) == (two, height)
    line.say("")
    assert line.height() == height


@pytest.mark.layout
def test_a_message_that_does_not_fit_is_shown_in_fewer_words(qtbot):
    line = MessageLine(1, "Message")
    qtbot.addWidget(line)
    line.show()
    texts = ("Best 22.06 at step 38,000; now 22.12 nats per name.", "Best 22.06; now 22.12.", "22")
    line.say(texts[0], shorter=texts[1:])
    for shown in texts:
        line.resize(line.fontMetrics().horizontalAdvance(shown) + 8, line.height())
        assert line.text() == shown
        assert line.message == texts[0]
        assert line.toolTip() == ("" if shown == texts[0] else texts[0])
    line.say("Another message, which has no shorter form.")
    assert line.text().endswith("…")


def test_the_same_message_is_not_laid_out_again(qtbot):
    fitted = []

    class CountingLine(MessageLine):
        def _fit(self):
            fitted.append(self.message)
            super()._fit()

    line = CountingLine(1, "Message")
    qtbot.addWidget(line)
    line.say("Three values are infinite.", is_error=True)
    del fitted[:]
    with qtbot.waitSignal(line.said):
        line.say("Three values are infinite.", is_error=True)
    assert fitted == []
    line.say("Three values are infinite.")  # no error any more
    line.say("")
    assert fitted == ["Three values are infinite.", ""]

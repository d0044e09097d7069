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

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.piano_keyboard import PianoKeyboard, name_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def keyboard(show):
    keyboard = show(PianoKeyboard())
    keyboard.window().resize(400, 130)
    keyboard.setFocus()
    return keyboard


@pytest.fixture
def told(keyboard):
    told = []
    keyboard.pressed.connect(lambda pitch: told.append(("down", pitch)))
    keyboard.released.connect(lambda pitch, seconds: told.append(("up", pitch, seconds >= 0)))
    return told


@pytest.mark.parametrize(
    ("keys", "pitches"),
    [
        ("ASDFGHJKL", [60, 62, 64, 65, 67, 69, 71, 72, 74]),
        ("WETYUOP", [61, 63, 66, 68, 70, 73, 75]),
    ],
)
def test_letters_play_the_keys_of_a_piano(keyboard, told, qtbot, keys, pitches):
    for key in keys:
        qtbot.keyClick(keyboard, key)
    assert [each[1] for each in told if each[0] == "down"] == pitches
    assert [each[1:] for each in told if each[0] == "up"] == [(pitch, True) for pitch in pitches]


def test_a_key_is_held_until_its_letter_comes_up(keyboard, told, qtbot):
    qtbot.keyPress(keyboard, "A")
    qtbot.keyPress(keyboard, "D")
    assert keyboard.held == {60, 64}
    qtbot.keyRelease(keyboard, "A")
    assert keyboard.held == {64}
    qtbot.keyRelease(keyboard, "D")
    assert told == [("down", 60), ("down", 64), ("up", 60, True), ("up", 64, True)]


def test_the_seconds_are_those_for_which_it_was_held(keyboard, qtbot):
    seconds = []
    keyboard.released.connect(lambda _pitch, held: seconds.append(held))
    qtbot.keyPress(keyboard, "A")
    qtbot.wait(60)
    qtbot.keyRelease(keyboard, "A")
    assert seconds[0] > 0.05


def test_a_letter_that_repeats_itself_plays_once(keyboard, told, qtbot):
    qtbot.keyPress(keyboard, "A")
    QTest.simulateEvent(keyboard, True, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", True)
    assert told == [("down", 60)]


def test_z_and_x_shift_by_an_octave_within_bounds(keyboard, told, qtbot):
    qtbot.keyPress(keyboard, "A")
    qtbot.keyClick(keyboard, "X")
    qtbot.keyClick(keyboard, "S")
    qtbot.keyRelease(keyboard, "A")  # what is held goes on
    qtbot.keyClick(keyboard, "Z")
    qtbot.keyClick(keyboard, "Z")
    qtbot.keyClick(keyboard, "A")
    assert [each[1] for each in told if each[0] == "down"] == [60, 74, 48]
    assert ("up", 60, True) in told
    for _ in range(12):
        qtbot.keyClick(keyboard, "X")
    assert keyboard.octave == 96
    assert keyboard.octave + 15 in keyboard.pitches
    for _ in range(12):
        qtbot.keyClick(keyboard, "Z")
    assert keyboard.octave == keyboard.pitches[0] == 24


def test_every_key_can_be_clicked(keyboard, told, qtbot):
    for pitch in keyboard.pitches:
        qtbot.mouseClick(keyboard, LEFT, pos=keyboard.place_of(pitch))
    assert [each[1] for each in told if each[0] == "down"] == list(range(60, 85))
    assert len(told) == 2 * 25


def test_the_pointer_glides_over_the_keys(keyboard, told, qtbot):
    places = [keyboard.place_of(pitch) for pitch in (60, 62, 63)]
    qtbot.mousePress(keyboard, LEFT, pos=places[0])
    for place in (*places[1:], QPoint(places[2].x(), -20)):
        qtbot.mouseMove(keyboard, place)
    qtbot.mouseRelease(keyboard, LEFT, pos=QPoint(places[2].x(), -20))
    told = [each[:2] for each in told]
    assert told == [(way, pitch) for pitch in (60, 62, 63) for way in ("down", "up")]


def test_arrows_and_enter_play_any_key(keyboard, told, qtbot):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(keyboard, key)
    assert told == [("down", 61), ("up", 61, True)]
    assert keyboard.accessibleDescription().startswith("D♭4.")
    for _ in range(5):
        qtbot.keyClick(keyboard, Qt.Key.Key_Left)
    qtbot.keyClick(keyboard, Qt.Key.Key_Enter)
    assert told[-1] == ("up", 60, True)


def test_keys_come_up_when_the_focus_leaves_or_it_is_hidden(keyboard, told, qtbot):
    qtbot.keyPress(keyboard, "A")
    keyboard.clearFocus()
    assert told == [("down", 60), ("up", 60, True)]
    keyboard.setFocus()
    qtbot.keyPress(keyboard, "S")
    keyboard.hide()
    assert told[2:] == [("down", 62), ("up", 62, True)]


def test_letters_are_the_windows_again_without_the_focus(qtbot):
    holder = QWidget()
    layout = QVBoxLayout(holder)
    keyboard, button = PianoKeyboard(), QPushButton("Other")
    layout.addWidget(keyboard)
    layout.addWidget(button)
    asked = []
    QShortcut("S", holder, lambda: asked.append("S"))
    QShortcut("Ctrl+S", holder, lambda: asked.append("Ctrl+S"))
    qtbot.addWidget(holder)
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    pressed = []
    keyboard.pressed.connect(pressed.append)
    keyboard.setFocus()
    qtbot.keyClick(keyboard, "S")
    assert (pressed, asked) == ([62], [])
    qtbot.keyClick(keyboard, "S", Qt.KeyboardModifier.ControlModifier)
    assert (pressed, asked) == ([62], ["Ctrl+S"])
    button.setFocus()
    qtbot.keyClick(button, "S")
    assert (pressed, asked) == ([62], ["Ctrl+S", "S"])


@pytest.mark.parametrize(("width", "n_octaves"), [(230, 2), (400, 2), (600, 3), (1_400, 6)])
def test_a_wider_place_has_more_octaves(keyboard, width, n_octaves):
    keyboard.setFixedWidth(width)
    keyboard.window().resize(width + 30, 130)
    pitches = keyboard.pitches
    assert len(pitches) == 12 * n_octaves + 1
    assert pitches[0] % 12 == 0
    assert {60, 75} <= set(pitches)
    places = [keyboard.place_of(pitch).x() for pitch in pitches]
    assert places == sorted(set(places))
    assert keyboard.rect().contains(keyboard.place_of(pitches[-1]))


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_keys_that_are_held_have_the_accent_and_white_keys_are_lighter(
    keyboard, coloured, qtbot, colours
):
    palette = coloured(colours)
    palette.setColor(palette.ColorRole.Text, QColor(colours.text))
    keyboard.setPalette(palette)
    keyboard.clearFocus()

    def colour_of(pitch):
        place = keyboard.place_of(pitch) - QPoint(0, 12)
        return keyboard.grab().toImage().pixelColor(place)

    white, black = colour_of(62), colour_of(63)
    assert white.lightness() > black.lightness() + 100
    keyboard.setFocus()
    qtbot.keyPress(keyboard, "S")
    assert colour_of(62).name() == colours.accent
    qtbot.keyRelease(keyboard, "S")
    assert colour_of(62) == white


def test_the_focus_can_be_seen(keyboard, coloured, pixels):
    keyboard.setPalette(coloured(LIGHT))
    assert LIGHT.accent in pixels(keyboard)
    keyboard.clearFocus()
    assert LIGHT.accent not in pixels(keyboard)


def test_it_has_a_name_for_screen_readers(keyboard):
    assert keyboard.accessibleName() == "Piano keyboard"
    assert name_of(70) == "B♭4"

"""Motion: what is placed on the way, where it ends, and where nothing moves."""

import pytest
from PySide6.QtWidgets import QApplication, QCommonStyle, QStyle, QWidget

from dinogui.common import motion
from dinogui.common.motion import MILLISECONDS, Motion, is_less_motion_wanted, reduce_motion


@pytest.fixture
def part(qtbot):
    part = QWidget()
    qtbot.addWidget(part)
    with qtbot.waitExposed(part):
        part.show()
    return part


@pytest.fixture
def placed():
    return []


@pytest.fixture
def moving(part, placed):
    """Return a motion that is on its way."""
    reduce_motion(False)
    moving = Motion(part, placed.append)
    moving.begin()
    assert moving.is_running
    return moving


def test_it_goes_from_the_beginning_to_the_end_and_never_back(moving, placed, qtbot):
    qtbot.waitUntil(lambda: not moving.is_running)
    assert placed[0] == 0.0
    assert placed[-1] == 1.0
    assert placed == sorted(placed)
    assert len(placed) > 2
    assert MILLISECONDS == 150


def test_a_second_one_begins_after_the_first_is_at_its_end(moving, placed, qtbot):
    qtbot.waitUntil(lambda: placed[-1] > 0.0)
    moving.begin()
    assert placed[-2:] == [1.0, 0.0]
    assert moving.is_running
    qtbot.waitUntil(lambda: not moving.is_running)
    assert placed[-1] == 1.0
    moving.finish()
    assert placed.count(1.0) == 2, "there is nothing left to finish"


def test_with_less_motion_it_is_at_its_end_at_once(part, placed):
    reduce_motion(True)
    still = Motion(part, placed.append)
    still.begin()
    assert placed == [1.0]
    assert not still.is_running


def test_what_is_hidden_does_not_move(part, placed):
    reduce_motion(False)
    part.hide()
    Motion(part, placed.append).begin()
    assert placed == [1.0]


class CalmStyle(QCommonStyle):
    """What Qt's style is where Windows or macOS is set to less motion."""

    def styleHint(self, hint, *others):
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, *others)


def seen_by_somebody(monkeypatch):
    monkeypatch.setattr(motion, "_UNSEEN_PLATFORMS", ())


def test_nothing_moves_where_nobody_can_see_it(qapp, monkeypatch):
    monkeypatch.setattr(motion, "_UNSEEN_PLATFORMS", (qapp.platformName(),))
    assert is_less_motion_wanted()
    seen_by_somebody(monkeypatch)
    assert not is_less_motion_wanted()


def test_the_style_of_the_system_is_asked(qapp, monkeypatch):
    seen_by_somebody(monkeypatch)
    QApplication.setStyle(CalmStyle())
    try:
        assert is_less_motion_wanted()
    finally:
        QApplication.setStyle("Fusion")


@pytest.mark.parametrize(
    ("text", "is_wanted"),
    [
        ("[Settings]\ngtk-enable-animations=0\n", True),
        ("[Settings]\ngtk-enable-animations = false\n", True),
        ("[Settings]\ngtk-enable-animations=1\n", False),
        ("[Settings]\ngtk-theme-name=Adwaita\n", False),
        ("\udcff gtk-enable-animations", False),
    ],
)
@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_the_settings_of_gtk_are_read(monkeypatch, tmp_path, text, is_wanted, version):
    seen_by_somebody(monkeypatch)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / f"gtk-{version}"
    folder.mkdir()
    (folder / "settings.ini").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert is_less_motion_wanted() is is_wanted

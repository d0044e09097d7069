"""Motion: what is placed on the way, where it ends, and where nothing moves."""

import os

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication, QCommonStyle, QStyle, QWidget

from dinogui.common import motion
from dinogui.common.motion import (
    MILLISECONDS,
    GnomeSwitch,
    Motion,
    is_less_motion_wanted,
    reduce_motion,
)


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


@pytest.fixture
def gnome(monkeypatch, tmp_path):
    """Return a function that makes the desktop a GNOME whose command prints an answer."""

    def answer(script, desktop="ubuntu:GNOME"):
        program = tmp_path / "gsettings"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)

    return answer


posix = pytest.mark.skipif(os.name != "posix", reason="there is no GNOME")
ASKED = '[ "$*" = "get org.gnome.desktop.interface enable-animations" ] && echo'


@posix
@pytest.mark.parametrize(("word", "is_wanted"), [("false", True), ("true", False)])
def test_gnome_is_asked_for_its_own_switch(qapp, qtbot, gnome, word, is_wanted):
    gnome(f"{ASKED} {word}")
    switch = GnomeSwitch()
    with qtbot.waitSignal(switch.answered) as answer:
        switch.ask()
    assert answer.args == [is_wanted]
    switch.stop()


@posix
@pytest.mark.parametrize(
    ("script", "desktop"),
    [("echo false", "KDE"), ("echo false", ""), ("exit 1", "GNOME"), ("echo 'No key'", "GNOME")],
)
def test_another_desktop_and_a_command_that_fails_give_no_answer(
    qapp, qtbot, gnome, script, desktop
):
    gnome(script, desktop)
    switch = GnomeSwitch()
    answers = []
    switch.answered.connect(answers.append)
    switch.ask()
    process = switch.findChild(QProcess)
    assert (process is None) == (desktop != "GNOME")
    if process is not None:
        qtbot.waitUntil(lambda: process.state() is QProcess.ProcessState.NotRunning)
    assert answers == []
    switch.stop()


@posix
def test_an_answer_that_does_not_come_holds_nothing_up(qapp, gnome):
    gnome("exec sleep 60")
    switch = GnomeSwitch()
    switch.ask()
    process = switch.findChild(QProcess)
    assert process.waitForStarted(5_000)
    switch.stop()
    assert process.state() is QProcess.ProcessState.NotRunning

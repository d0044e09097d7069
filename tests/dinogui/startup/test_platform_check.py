import os
import socket
import subprocess
import sys

import pytest

from dinogui.startup.platform_check import CannotStartError, check_display, describe_missing_library

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has X11")


def test_a_missing_library_gives_advice():
    advice = describe_missing_library(
        "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"
    )
    assert "libxcb-cursor.so.0" in advice
    assert "sudo apt install" in advice
    assert "libxcb-cursor0" in advice
    assert describe_missing_library("no module named PySide6") is None


@LINUX
def test_a_missing_display_is_an_error():
    with pytest.raises(CannotStartError, match="there is no display"):
        check_display({})


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "offscreen:size=9x9"])
def test_platforms_without_a_display_are_not_checked(platform):
    check_display({"QT_QPA_PLATFORM": platform})


@LINUX
@pytest.mark.parametrize("platform", ["", "wayland", "nonsense;wayland"])
def test_a_wayland_display_that_answers_will_do(tmp_path, platform):
    given = {"QT_QPA_PLATFORM": platform, "WAYLAND_DISPLAY": "wl-0", "XDG_RUNTIME_DIR": tmp_path}
    environment = {name: str(value) for name, value in given.items()}
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(os.fspath(tmp_path / "wl-0"))
        compositor.listen()
        check_display(environment)
    with pytest.raises(CannotStartError, match="cannot open a window"):
        check_display(environment)


def test_the_first_platform_that_can_be_had_is_enough():
    check_display({"QT_QPA_PLATFORM": "nonsense;offscreen"})


@LINUX
@pytest.mark.parametrize(
    ("platform", "message"),
    [
        ("wayland", "the Wayland display wayland-0 does not answer."),
        ("nonsense", "QT_QPA_PLATFORM asks for “nonsense”, which Qt cannot use here."),
        ("wayland-egl", "QT_QPA_PLATFORM asks for “wayland-egl”, which Qt cannot use here."),
    ],
)
def test_a_platform_that_cannot_be_had_ends_the_program_with_a_message(tmp_path, platform, message):
    left_out = ("WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY")
    environment = {name: os.environ[name] for name in os.environ if name not in left_out}
    environment |= {"QT_QPA_PLATFORM": platform, "XDG_RUNTIME_DIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "dinogui"],
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"DinoGUI cannot open a window: {message} Unset QT_QPA_PLATFORM")
    assert ended.stderr.count("\n") == 1


@LINUX
def test_a_display_that_does_not_answer_ends_the_program_with_a_message():
    environment = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY")}
    environment["DISPLAY"] = ":987"
    ended = subprocess.run(
        [sys.executable, "-m", "dinogui"], env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("DinoGUI cannot open a window:")
    # Which of the two messages comes depends on the machine.
    assert "does not answer" in ended.stderr or "sudo apt install" in ended.stderr
    assert "Traceback" not in ended.stderr

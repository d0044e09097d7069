import os
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


@LINUX
@pytest.mark.parametrize(
    "environment",
    [{"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0"}],
)
def test_other_platforms_are_not_checked(environment):
    check_display(environment)


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

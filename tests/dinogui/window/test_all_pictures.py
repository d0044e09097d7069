"""All pictures of the window: no text is cut, nothing overlaps, and nothing sticks out.

The whole matrix takes minutes and is marked `long`. The rest of the tests are the part of it in
which something has gone wrong before.
"""

import os
import subprocess
import sys
from itertools import product

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from dinogui.common.speed import Speed
from dinogui.panels.registry import PANELS
from dinogui.session.run import RunState
from engine.training.ending import Until
from tests.dinogui.window.picture_checks import faults

pytestmark = pytest.mark.layout

SMALLEST, USUAL, LARGE, PROJECTOR = (940, 560), (1100, 700), (1600, 1000), (1920, 1080)
SIZES = (SMALLEST, USUAL, LARGE, PROJECTOR)
"""In pixels of the window; a screen of 3840 x 2160 at 200 % has 1920 x 1080 of them."""

_MOST_TURNS = 12
TEXT_SCALES = (1.0, 2.0)
KEYS = tuple(panel.key for panel in PANELS)
SCHEMES = (Qt.ColorScheme.Light, Qt.ColorScheme.Dark)


class Album:
    """Puts a window into one pose after another, and notes what is wrong with each picture."""

    def __init__(self, window, qtbot):
        self.window, self._qtbot = window, qtbot
        self.found = {}

    def look(self, pose):
        """Note the faults of the window as it is now."""
        for _ in range(3):  # a scroll area takes several turns of the event loop to settle
            self._qtbot.wait(20)
        found = faults(self.window)
        for _ in range(_MOST_TURNS):  # on a busy machine, a turn does less
            if not found:
                break
            self._qtbot.wait(20)
            found = faults(self.window)
        for fault in found:
            self.found.setdefault(fault, []).append(pose)

    def look_in_all(self, state, sizes=SIZES, scales=TEXT_SCALES, panels=(None,)):
        """Look in all sizes of window and text, with each panel in front once."""
        window = self.window
        for scale, size in product(scales, sizes):
            window.presentation.scale_text(scale)
            window.resize(*size)
            for key in panels:
                if key is not None:
                    window.docks.show(key)
                self.look((state, size, scale, key))
        window.presentation.scale_text(1.0)

    def show_banner(self):
        """Show a question of usual length over the plot."""
        actions = self.window.actions_
        self.window.banner.say(
            "The loss has risen for a while. Go back to the best network, or go on from here.",
            actions.restart,
            actions.step,
        )

    def point_at_plot(self):
        """Move the pointer into the plot, which then shows the values there."""
        view = self.window.loss_plot.plot.viewport()
        self._qtbot.mouseMove(view, QPoint(view.width() // 3, view.height() // 2))


@pytest.fixture
def album(window, qtbot):
    """Return an album of the window with names."""
    return Album(window, qtbot)


def test_names_in_all_sizes_before_and_after_training(album, train_until):
    album.look_in_all("before", sizes=(SMALLEST, USUAL, LARGE))
    train_until(album.window.session, 300)
    album.point_at_plot()
    album.look_in_all("paused", sizes=(SMALLEST, USUAL, LARGE))
    album.show_banner()
    album.look_in_all("banner", sizes=(SMALLEST, USUAL))
    assert not album.found


def test_every_panel_in_the_smallest_window(album, train_until):
    train_until(album.window.session, 100)
    album.look_in_all("panels", sizes=(SMALLEST,), panels=KEYS)
    assert not album.found


def test_all_settings_in_large_text(album):
    album.window.left.show_settings()
    album.look_in_all("settings", sizes=(SMALLEST, LARGE), scales=(2.0,))
    assert not album.found


def test_a_text_in_the_smaller_windows(text_window, qtbot, train_until):
    album = Album(text_window, qtbot)
    train_until(text_window.session, 20)
    album.look_in_all("text", sizes=(SMALLEST, USUAL))
    assert not album.found


def test_a_slow_training_and_a_divergence(album, qtbot, train_until):
    window = album.window
    window.actions_.speeds[Speed.TEN].trigger()
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 1)
    album.look_in_all("training", sizes=(SMALLEST, USUAL), scales=(1.0,))
    diverge(window, qtbot)
    album.look_in_all("diverged", sizes=(SMALLEST, USUAL), scales=(1.0,))
    assert not album.found


def test_a_run_that_has_ended_and_what_its_knobs_could_do(album, qtbot):
    window = album.window
    window.session.set_until(Until(steps=300))
    window.session.train()
    qtbot.waitUntil(lambda: window.session.run.ended is not None)
    window.actions_.what_if["learning_rate"].trigger()
    window.session.set_hyperparameters(dropout=0.3)
    album.look_in_all("ended", sizes=(SMALLEST, USUAL))
    window.left.show_settings()
    album.look_in_all("settings of one's own", sizes=(USUAL,), scales=(1.0,))
    assert not album.found


def diverge(window, qtbot):
    """Let the run of a window diverge."""
    window.actions_.speeds[Speed.FULL].trigger()
    window.session.set_hyperparameters(learning_rate=1e20, clip=None)
    window.session.train()
    qtbot.waitUntil(lambda: window.session.state is RunState.DIVERGED, timeout=30_000)


@pytest.mark.long
@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
@pytest.mark.parametrize("kind", ["window", "text_window"])
def test_the_whole_matrix(request, qtbot, train_until, kind, scheme):
    window = request.getfixturevalue(kind)
    window.actions_.schemes[scheme].trigger()
    album = Album(window, qtbot)
    album.look_in_all("before")
    train_until(window.session, 300)
    album.look_in_all("paused", panels=(None, *KEYS))
    window.left.show_settings()
    album.look_in_all("settings")
    window.left.show_cards()
    album.show_banner()
    album.look_in_all("banner")
    window.banner.clear()
    diverge(window, qtbot)
    album.look_in_all("diverged")
    assert not album.found


# Pictures with exact pixels


def screenshot(path, *options):
    """Take a picture in a process of its own, and return it."""
    command = [
        sys.executable,
        "-m",
        "dinogui",
        "--screenshot",
        str(path),
        "--steps",
        "20",
        *options,
    ]
    done = subprocess.run(command, env=os.environ, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return QImage(str(path))


def test_a_picture_of_a_large_screen_has_its_pixels(tmp_path):
    image = screenshot(tmp_path / "picture.png", "--size", "3840x2160", "--scale", "2")
    assert image.size().toTuple() == (3840, 2160)


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("key", KEYS)
def test_every_panel_is_pictured_in_exact_pixels(tmp_path, key, theme):
    for size, scale in (
        ("940x560", "1"),
        ("1100x700", "1"),
        ("1600x1000", "1"),
        ("3840x2160", "2"),
    ):
        options = ("--size", size, "--scale", scale, "--theme", theme, "--panels", key)
        image = screenshot(tmp_path / f"{size}.png", *options)
        assert "x".join(map(str, image.size().toTuple())) == size

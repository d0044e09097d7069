"""The screenshot that ``dinogui --screenshot`` takes of the window."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QPixmap

from dinogui.common.speed import Speed
from dinogui.panels.insight.frame.pacing import PacedTask
from dinogui.session.blend.shares import Shares
from dinogui.session.known_passages import KnownPassages
from dinogui.session.run import RunState
from dinogui.window.main_window import MainWindow
from engine.cli.command import EXIT_USAGE
from engine.nn.kinds import BlendError, blend_of
from engine.sampling.blend_text import weights_of_text
from engine.sampling.candidates import SearchResult
from engine.storage.files import atomic_writer, check_writable

if TYPE_CHECKING:
    from engine.runs.futures import KnobName

_USUAL = (1100, 700)

_LAST_STEPS = 3
"""Steps that are made at the chosen speed: a whole training would take hours at a slow one."""

_LOOK_MILLISECONDS = 50
"""Time from one look at whether everything is computed and painted to the next."""

_SETTLED_LOOKS = 2
"""Looks in a row at which nothing is missing: a new network may be on its way to a panel."""

_FIGURES_MILLISECONDS = 1_000
"""Time that the window takes to write the names and the figures of a race."""

_LONGEST_WAIT = 20.0
"""Seconds after which the screenshot is taken even if a panel still computes."""


@dataclass(frozen=True)
class Pose:
    """What the screenshot shows.

    Attributes
    ----------
    steps : int
        Steps to train first.
    size : (int, int), optional
        Width and height of the screenshot in pixels.
    scale : float
        Pixels of the screenshot for each pixel of the window.
    is_dark : bool
    panels : sequence of str, optional
        The keys of the panels that are open, the first of them in front.
    speed : Speed
        That of the last steps.
    at : int, optional
        The step that is looked back at after the training.
    blend : str, optional
        The kinds that are written, with their weights: see `engine.sampling.blend_text`.
    what_if : str, optional
        The knob of the futures that are shown; see `engine.runs.futures.KnobName`.
    chords : str
        The chords over which a melody is improvised; empty for none.
    has_keyboard : bool
        Whether the keyboard is shown on which the beginning of a melody is played.
    race : str, optional
        The folder of a saved race, which is shown instead of a training.
    """

    steps: int
    size: tuple[int, int] | None = None
    scale: float = 1.0
    is_dark: bool = False
    panels: tuple[str, ...] | None = None
    speed: Speed = Speed.FULL
    at: int | None = None
    blend: str | None = None
    what_if: KnobName | None = None
    chords: str = ""
    has_keyboard: bool = False
    race: str | None = None


class Screenshot(QObject):
    """Trains, lets the network generate, takes a screenshot, and closes the window.

    Lives in the GUI thread.

    Parameters
    ----------
    window : MainWindow
        Not yet shown, with a run that is ready; files to read are opened after this is made.
    path : str
        Where to write the screenshot, as PNG.
    pose : Pose
    waits_for_file : bool
        Whether a file is about to be read.

    Attributes
    ----------
    exit_code : int
        0 once the screenshot is saved.
    """

    def __init__(self, window: MainWindow, path: str, pose: Pose, *, waits_for_file: bool) -> None:
        super().__init__(window)
        self.exit_code = 1
        self._window, self._pose = window, pose
        self._path = path
        self._size = pose.size or (
            round(_USUAL[0] * pose.scale),
            round(_USUAL[1] * pose.scale),
        )
        self._give_up_waiting = 0.0
        self._settled_looks = 0
        self._is_trained = False
        self._timer = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._take_if_settled)
        refusal = self._refusal()
        if refusal:
            self.exit_code = EXIT_USAGE
            print(refusal, file=sys.stderr)
            QTimer.singleShot(0, window.close)
            return
        try:
            check_writable(path)  # before the training
        except OSError as error:
            self._complain(error)
            QTimer.singleShot(0, window.close)
            return
        self._arrange()
        # Some words of the command line are refused before there is an event loop to end.
        window.opening.refused.connect(self._give_up, Qt.ConnectionType.QueuedConnection)
        window.session.refused.connect(self._give_up)
        window.library.saving.refused.connect(self._give_up)
        window.session.failed.connect(self._give_up)
        if waits_for_file:
            window.session.run_begun.connect(self._train)
        else:
            QTimer.singleShot(0, self._train)

    def _refusal(self) -> str:
        """Return a sentence that says what cannot be shown; empty if everything can."""
        smallest, scale = self._window.minimumSize(), self._pose.scale
        least = (math.ceil(smallest.width() * scale), math.ceil(smallest.height() * scale))
        width, height = self._size
        if width < least[0] or height < least[1]:
            return (
                f"--size: {width}x{height} is too small. "
                f"At a scale of {scale:g}, the window needs at least {least[0]}x{least[1]}."
            )
        known = self._window.docks.docks
        for key in self._pose.panels or ():
            if key not in known:
                return f"--panels: “{key}” is not one of {', '.join(known)}."
        return ""

    def _arrange(self) -> None:
        """Give the window its colours and its size."""
        window, pose = self._window, self._pose
        scheme = Qt.ColorScheme.Dark if pose.is_dark else Qt.ColorScheme.Light
        window.actions_.schemes[scheme].trigger()
        ratio = window.devicePixelRatioF()
        window.resize(*(math.ceil(side / ratio) for side in self._size))

    @Slot()
    def _train(self) -> None:
        """Open the panels, and train at full speed, up to the last steps if those are slower."""
        self._open_panels()
        if self._pose.race is not None:
            self._show_race(self._pose.race)
            return
        self._window.session.state_changed.connect(self._go_on)
        session, pose = self._window.session, self._pose
        last = 0 if pose.speed.is_full else _LAST_STEPS
        session.train(max(pose.steps - last, 0))

    def _show_race(self, folder: str) -> None:
        racing = self._window.session.racing
        racing.refused.connect(self._give_up)
        racing.begun.connect(self._wait_for_lanes)
        racing.open(folder)

    @Slot()
    def _wait_for_lanes(self) -> None:
        """Wait until the figures of the lanes are written, which change no faster than is read."""
        QTimer.singleShot(_FIGURES_MILLISECONDS, self._take_soon)

    def _open_panels(self) -> None:
        """Open what was asked for; before the window is shown, Qt ignores which is in front."""
        docks, keys = self._window.docks, self._pose.panels
        if keys is None:
            return
        for key, dock in docks.docks.items():
            if key not in keys:
                dock.hide()
        for key in reversed(keys):
            docks.show(key)

    @Slot(object)
    def _go_on(self, state: RunState) -> None:
        """Make the last steps after the others, and generate after the last."""
        if state not in (RunState.READY, RunState.PAUSED, RunState.DIVERGED):
            return
        session, speed = self._window.session, self._pose.speed
        if session.speed is not speed:
            self._window.actions_.speeds[speed].trigger()
            session.train(self._pose.steps)
        elif not self._is_trained:
            self._is_trained = True
            self._look_back()

    def _look_back(self) -> None:
        """Show the earlier step that was asked for, and then generate."""
        past, step = self._window.session.past, self._pose.at
        if step is None or step >= self._window.session.steps_made:
            self._generate()
            return
        past.refused.connect(self._give_up)
        past.reached.connect(self._generate_if_reached)
        past.look(step)

    @Slot()
    def _generate_if_reached(self) -> None:
        past = self._window.session.past
        if past.is_reached:
            past.reached.disconnect(self._generate_if_reached)
            self._generate()

    def _look_ahead(self) -> None:
        """Make the futures that were asked for, as a click on the button beside the knob does."""
        if self._pose.what_if is None:
            return
        self._window.session.ahead.refused.connect(self._give_up)
        self._window.what_if.open(self._pose.what_if)
        row = self._window.what_if.row
        if row is not None:
            row.run.click()

    def _generate(self) -> None:
        self._look_ahead()
        if self._window.session.run.tells:  # it writes nothing
            self._take_soon()
            return
        if self._pose.blend is not None and not self._choose_blend(self._pose.blend):
            return
        session = self._window.session
        if not self._arrange_melody():
            return
        if session.kind == "text":
            self._window.writing.finished.connect(self._take_soon)
        elif session.kind == "melodies":
            session.melody_generation.improvised.connect(self._take_soon)
            session.melody_generation.refused.connect(self._give_up)
        else:
            name_generation = self._window.session.name_generation
            name_generation.found.connect(self._take_if_over)
            name_generation.refused.connect(self._give_up)
        self._window.generate()

    def _arrange_melody(self) -> bool:
        """Fill in what is asked of a melody. Return whether the run can do it."""
        pose = self._pose
        if not (pose.chords or pose.has_keyboard):
            return True
        if self._window.session.kind != "melodies":
            self._give_up("--chords and --keyboard: the run is not on melodies.")
            return False
        # Imported here, because few screenshots show melodies.
        from dinogui.panels.melody.card.beginning import AS_PLAYED
        from dinogui.panels.melody.card.melody_panel import MelodyPanel

        panel = self._window.columns.of("melodies").panel
        assert isinstance(panel, MelodyPanel)
        panel.form.chords.setText(pose.chords)
        if pose.has_keyboard:
            panel.form.beginning.source.setCurrentIndex(AS_PLAYED)
        if not panel.form.chords.check():
            self._give_up(f"--chords: {panel.error}")
            return False
        return True

    def _choose_blend(self, text: str) -> bool:
        """Let the network write a blend of kinds. Return whether it knows them all."""
        blend = self._window.session.blend
        try:
            checked = blend_of(blend.titles, weights_of_text(text))
        except BlendError as error:
            self._give_up(str(error))
            return False
        shares = zip(blend.titles, checked.tolist(), strict=True)
        blend.choose(Shares.in_proportion({title: w for title, w in shares if w > 0}))
        return True

    @Slot(object)
    def _take_if_over(self, found: SearchResult) -> None:
        if found.is_over:
            self._take_soon()

    @Slot()
    def _take_soon(self) -> None:
        """Wait until what was generated is painted, and the panels have computed."""
        self._window.loss_plot.draw()
        self._give_up_waiting = time.monotonic() + _LONGEST_WAIT
        self._timer.start()

    @Slot()
    def _take_if_settled(self) -> None:
        """Take it once everything is settled at several looks: what is painted asks for more."""
        self._settled_looks = self._settled_looks + 1 if self._is_settled() else 0
        if self._settled_looks == _SETTLED_LOOKS or time.monotonic() > self._give_up_waiting:
            self._take()

    def _is_settled(self) -> bool:
        """Whether the network, panels, baselines, futures and a pause's measurement are there."""
        session = self._window.session
        run = session.run
        has_network = session.viewed_snapshot is not None or run.state is RunState.DIVERGED
        if not has_network or session.ahead.is_growing:
            return False
        if run.held_out_size is not None:
            is_measured = run.state is RunState.PAUSED and session.snapshot_step > 0
            if not run.baselines.in_full or (is_measured and run.full_held_out is None):
                return False
        known = session.findChild(KnownPassages)
        if known is not None and known.is_busy:
            return False
        return all(task.is_settled for task in self._window.findChildren(PacedTask))

    def _take(self) -> None:
        self._timer.stop()
        self._window.loss_plot.draw()
        try:
            with atomic_writer(self._path) as file:
                file.write(_png(self._cut(self._window.grab())))
            self.exit_code = 0
        except OSError as error:
            self._complain(error)
        self._window.close()

    def _cut(self, picture: QPixmap) -> QPixmap:
        """Cut off what is beyond the size: the window consists of whole pixels of its own."""
        return picture.copy(0, 0, *self._size)

    def _complain(self, error: OSError) -> None:
        print(
            f"The screenshot “{self._path}” cannot be written: {error.strerror or error}. "
            "Choose another place.",
            file=sys.stderr,
        )

    @Slot(str)
    def _give_up(self, message: str) -> None:
        print(message, file=sys.stderr)
        self._window.close()


def _png(picture: QPixmap) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())

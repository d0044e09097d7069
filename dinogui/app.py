"""The one place where the application's objects are made and wired together."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from dinogui import __version__
from dinogui.common.actions.window_actions import Actions
from dinogui.common.preferences import Preferences
from dinogui.common.speed import Speed
from dinogui.common.style import WindowStyle
from dinogui.common.theme import Theme
from dinogui.library.autosave.autosave_folder import users_autosave_folder
from dinogui.library.library import Library
from dinogui.library.run_store import RunStore
from dinogui.library.saving import Saving
from dinogui.panels.compare.comparison_copy import ComparisonCopy
from dinogui.panels.learned_line import LearnedLine
from dinogui.panels.loss.held_out_view import HeldOutView
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.past.past_view import PastView
from dinogui.panels.loss.past.playback_row import PlaybackRow
from dinogui.panels.loss.past.replay import Replay
from dinogui.panels.loss.plot_export import PlotExport
from dinogui.panels.loss.plot_menu import PlotMenu
from dinogui.panels.loss.plot_options import PlotOptions
from dinogui.panels.loss.run_overlay import RunOverlay
from dinogui.panels.model.controls import ControlsPanel
from dinogui.panels.model.model import ModelPanel
from dinogui.panels.names.names import NamesPanel
from dinogui.panels.opening_sentence import OpeningSentence
from dinogui.panels.panel import Panel
from dinogui.panels.race.lane_names import LaneNames
from dinogui.panels.race.race_card import RaceCard
from dinogui.panels.race.race_commands import RaceCommands
from dinogui.panels.race.race_files import RaceFiles
from dinogui.panels.race.race_on_plot import RaceOnPlot
from dinogui.panels.race.race_status import RaceStatus
from dinogui.panels.registry import PANELS
from dinogui.panels.run_end.action_line import ActionLine
from dinogui.panels.run_end.until_button import UntilButton
from dinogui.panels.status import StatusLine
from dinogui.panels.text.writing import WritingPanel
from dinogui.panels.what_if.futures_view import FuturesView
from dinogui.panels.what_if.what_if import WhatIf
from dinogui.session.kernel_compilation import KernelCompilation
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
from dinogui.startup.first_paint import FirstPaint
from dinogui.startup.garbage import GarbageCollector, freeze_objects
from dinogui.startup.log_file import open_log_file, users_log_path
from dinogui.startup.painting_thread import paint_in_one_thread
from dinogui.startup.switch_interval import shorten_switch_interval
from dinogui.startup.unexpected_errors import UnexpectedErrors, catch_everything
from dinogui.widgets.banner import Banner
from dinogui.widgets.number_box import NumberBox
from dinogui.widgets.screen_room import fit_screen
from dinogui.window.closing import ClosingRule
from dinogui.window.layout.right_columns import RightColumn, RightColumns
from dinogui.window.main_window import MainWindow
from dinogui.window.offers.divergence_choices import DivergenceChoices
from dinogui.window.offers.faster_step import FasterStepOffer
from dinogui.window.offers.hints import Hints
from dinogui.window.offers.kept_race import KeptRaceOffer
from dinogui.window.offers.kinds_offer import KindsOffer
from dinogui.window.offers.left_behind import LeftBehindList
from dinogui.window.offers.loss_rise_choices import LossRiseChoices
from dinogui.window.offers.other_kind import OtherKindOffer
from dinogui.window.offers.previous_run import PreviousRunOffer
from dinogui.window.offers.run_end import RunEnd
from dinogui.window.opening import Opening
from dinogui.window.parts.run_log import RunLog
from dinogui.window.parts.run_view import PanelsRunView
from dinogui.window.parts.window_parts import WindowParts
from dinogui.window.pasting import Pasting
from dinogui.window.reading.data_export import DataExportCommand
from dinogui.window.reading.reading_options import ReadingOptions
from dinogui.window.run_commands import RunCommands
from dinogui.window.termination import Termination
from dinogui.window.undo_commands import UndoCommands
from dinogui.window.window_settings import WindowSettings
from dinogui.workers.service import Threads

if TYPE_CHECKING:
    from dinogui.panels.melody.card.melody_panel import MelodyPanel
    from engine.data.training_data import DataKind

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")
_SIGNAL_MILLISECONDS = 200


def run(options: argparse.Namespace) -> int:
    """Open the window on what the command line asks for, and return the exit code.

    Parameters
    ----------
    options : argparse.Namespace
        As `dinogui.options.parse` returns it.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger().handlers[0].setLevel(logging.WARNING)  # the log file takes more
    qInstallMessageHandler(_log_qt_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("DinoGUI")
    application.setOrganizationName("DinoGUI")
    application.setApplicationVersion(__version__)
    if options.screenshot is not None:
        return _take_picture(application, options)
    return _open_window(application, options)


def _take_picture(application: QApplication, options: argparse.Namespace) -> int:
    """Take a screenshot, which does not depend on the user's settings."""
    from dinogui.window.screenshot import Pose, Screenshot

    window = make_window(application, options.seed)
    _handle_signals(window)
    window.opening.asks = False  # nobody is there to answer
    words = options.names if options.open is None else [options.open]
    pose = Pose(
        steps=options.steps,
        size=options.size,
        scale=options.scale or 1.0,
        is_dark=options.theme == "dark",
        panels=options.panels,
        speed=Speed(int(options.speed)) if options.speed not in (None, "full") else Speed.FULL,
        at=options.at,
        blend=options.blend,
        what_if=options.what_if,
        chords=options.chords or "",
        has_keyboard=bool(options.keyboard),
        race=options.race,
    )
    screenshot = Screenshot(window, options.screenshot, pose, waits_for_file=bool(words))
    window.opening.open_words(words, _kind_of(options))
    window.show()
    application.exec()
    return _leave(window, screenshot.exit_code)


def _open_window(application: QApplication, options: argparse.Namespace) -> int:
    """Open the window as it was left, with the file to open, and wait until it is closed."""
    open_log_file(users_log_path())
    preferences = Preferences()
    if options.reset_settings:
        preferences.forget()
    window, open_data = make_empty_window(application, options.seed, preferences)
    catch_everything()
    errors = UnexpectedErrors(window, users_log_path())
    _handle_signals(window)

    def open_first() -> None:
        freeze_objects()
        window.library.autosave_in(users_autosave_folder())
        open_data()
        window.opening.open_words(options.names, _kind_of(options))

    # The threads that read and count would delay the first paint by a tenth.
    FirstPaint(window, open_first)
    compile_kernels(window).start_later()
    _log.info("DinoGUI %s begins.", __version__)
    fit_screen(window)
    window.show()
    exit_code = application.exec()
    _log.info("DinoGUI ends.")
    errors.close()
    return _leave(window, exit_code)


def _kind_of(options: argparse.Namespace) -> "DataKind | None":
    """Return what the files are read as; None if they are to be recognised."""
    return "melodies" if options.melodies else None


def _leave(window: MainWindow, exit_code: int) -> int:
    """Return the exit code, or end the process with it if a thread is still running.

    Qt aborts a process that destroys a running thread. Such a thread holds nothing that could still
    be lost.
    """
    if not window.session.threads.have_ended:
        logging.shutdown()
        os._exit(exit_code)
    return exit_code


def _log_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass a message of Qt to the log."""
    if "propagateSizeHints" in message:  # the offscreen platform logs this for every window
        return
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), message)


def make_window(
    application: QApplication,
    seed: int | None = None,
    preferences: Preferences | None = None,
    panels: Sequence[Panel] = PANELS,
) -> MainWindow:
    """Make the window, with the dinosaurs loaded and ready; see `make_empty_window`."""
    window, open_data = make_empty_window(application, seed, preferences, panels)
    open_data()
    return window


def make_empty_window(
    application: QApplication,
    seed: int | None = None,
    preferences: Preferences | None = None,
    panels: Sequence[Panel] = PANELS,
) -> tuple[MainWindow, Callable[[], None]]:
    """Make the window.

    Parameters
    ----------
    application : QApplication
    seed : int, optional
        The seed of the first run. If absent, that of the last run in the preferences, or 0.
    preferences : Preferences, optional
        The window looks as it was left, and stores how it is left.
    panels : sequence of Panel
        The panels that can be docked, in the order of the View menu.

    Returns
    -------
    window : MainWindow
    open_data : callable
        Puts on the icon, loads the dinosaurs, and begins to read the file of the last run.
    """
    shorten_switch_interval()
    paint_in_one_thread()
    theme = Theme(application)
    application.setStyle(WindowStyle(theme))
    session = Session(seed or 0, threads=Threads())
    window = MainWindow(_make_parts(session, theme, panels))
    GarbageCollector(window)
    file = None
    if preferences is not None:
        settings = WindowSettings(window, preferences, seed)
        window.opening.memory.keep_in(preferences)
        _give_hints(window, preferences)
        window.closing_rule = ClosingRule(preferences, window.library)
        file = settings.file_to_reopen

    def open_data() -> None:
        window.put_on_icon()
        window.open_dinosaurs()
        if file is not None:
            window.open_file(file)

    return window, open_data


def compile_kernels(window: MainWindow, command: Sequence[str] | None = None) -> KernelCompilation:
    """Return what compiles the faster step, once for this machine; the window tells of it.

    It is not started yet. No test and no screenshot starts it unless it is about this.

    Parameters
    ----------
    window : MainWindow
    command : sequence of str, optional
        As in `KernelCompilation`.
    """
    compilation = KernelCompilation(window.session.threads, window, command)
    compilation.said.connect(window.status.announce)
    compilation.working.connect(window.status.show_background)
    FasterStepOffer(window.session, compilation, window.banner, (window.left_behind,))
    return compilation


def _give_hints(window: MainWindow, preferences: Preferences) -> None:
    """Let a person who is new to the window be told, once, what else can be done."""
    controls, actions = window.controls, window.actions_
    knobs = (controls.learning_rate_changed, controls.clip_changed, controls.hidden_changed)
    deeds = (
        (*knobs, window.model.hyperparameters_changed),
        (actions.generate.triggered,),
        (window.panels_card.row.chosen, actions.panels_menu.triggered),
    )
    messages = (window.banner, window.left_behind)
    hints = Hints(window.session, window.loss_plot.canvas, preferences, deeds, messages)
    window.loss_plot.leave_room_for(hints.bubble)


def _make_parts(session: Session, theme: Theme, panels: Sequence[Panel]) -> WindowParts:
    """Make what the window lays out and connects, and wire the parts to each other.

    The plot stands for the window, which is made later: objects that need a parent become its
    children, and dialogs open over its window.
    """
    actions = Actions()
    model = ModelPanel()
    controls = ControlsPanel(session.hyperparameters)
    loss_plot = LossPlot(actions)
    banner = Banner(loss_plot, loss_plot.canvas)
    loss_plot.leave_room_for(banner)
    replay = Replay(session, loss_plot)
    # Before what looks back: a click on a future is meant for the future alone.
    what_if = WhatIf(session, controls, FuturesView(session, loss_plot, theme), loss_plot, actions)
    playback_row = PlaybackRow(actions.past, replay)
    status = StatusLine()
    past_view = PastView(session, loss_plot, playback_row, replay, actions.past, actions.live_names)
    past_view.said.connect(banner.say)
    past_view.gone_on.connect(status.say)
    race_on_plot = RaceOnPlot(session, loss_plot)  # empties the plot before others fill it
    HeldOutView(session, loss_plot, actions.measure_held_out)
    PlotOptions(actions.plot, loss_plot)
    PlotMenu(actions, loss_plot)
    RunOverlay(session, loss_plot, actions.plot, theme)
    ComparisonCopy(session, actions.plot, loss_plot)
    PlotExport(session, loss_plot, actions.plot).said.connect(banner.say)
    names = NamesPanel(actions, session, theme)
    text_generation = TextGeneration(session, loss_plot)
    writing = WritingPanel(actions, session, text_generation)
    columns = _make_columns(session, actions, theme, names, writing)
    log = RunLog(session, text_generation, columns, loss_plot)
    UndoCommands(session.undo, actions, controls.sliders, names, loss_plot)
    store = RunStore(session, PanelsRunView(session, actions, log, columns))
    saving = Saving(session, store, loss_plot)
    library = Library(session, store, saving, parent=loss_plot)
    opening = Opening(loss_plot, session, actions, saving)
    opening.refused.connect(banner.say)
    pasting = Pasting(loss_plot, session, actions, opening)
    pasting.refused.connect(banner.say)
    reading = ReadingOptions(loss_plot, session, actions, opening, banner)
    pasting.options_wanted.connect(reading.show_pasted)
    KindsOffer(session, opening, reading, banner)
    DataExportCommand(loss_plot, session, actions, opening.memory).said.connect(banner.say)
    run_commands = RunCommands(session, opening, model, banner, loss_plot)
    DivergenceChoices(session, banner, actions.restart)
    LossRiseChoices(session, banner, lambda: loss_plot.unit)
    PreviousRunOffer(session, library.earlier, banner)
    OtherKindOffer(session, saving, opening, banner)
    KeptRaceOffer(library, actions.races, banner)
    left_behind = LeftBehindList(library.earlier, loss_plot.canvas)
    loss_plot.leave_room_for(left_behind)
    until_button = UntilButton()
    end_line = ActionLine("The end of the run", actions.go_to_best, "Go back to it")
    race_card = RaceCard(session.racing, theme, actions.races)
    RaceCommands(session, actions, race_card, banner, loss_plot)
    RaceFiles(session, actions.races, loss_plot).said.connect(banner.say)
    RaceStatus(session.racing, status)
    run_end = RunEnd(session, actions, until_button, end_line)
    return WindowParts(
        session=session,
        theme=theme,
        actions=actions,
        model=model,
        controls=controls,
        loss_plot=loss_plot,
        names=names,
        writing=writing,
        status=status,
        banner=banner,
        text_generation=text_generation,
        log=log,
        columns=columns,
        library=library,
        opening=opening,
        run_commands=run_commands,
        left_behind=left_behind,
        end_line=end_line,
        learned=LearnedLine(session),
        opening_sentence=OpeningSentence(session, actions, loss_plot.canvas, loss_plot.pane),
        until_button=until_button,
        playback_row=playback_row,
        what_if=what_if,
        run_end=run_end,
        race_card=race_card,
        race_on_plot=race_on_plot,
        lane_names=LaneNames(session.racing, session.blend, theme, actions.live_names),
        panels=panels,
    )


def _make_columns(
    session: Session, actions: Actions, theme: Theme, names: NamesPanel, writing: WritingPanel
) -> RightColumns:
    """Make what stands in the right column; that of melodies when melodies are first opened."""

    def melodies() -> RightColumn:
        # Imported here, because no start needs to wait for it.
        from dinogui.panels.melody.card.melody_panel import MelodyPanel

        melody = MelodyPanel(actions, session, theme)
        return _column("Melody", melody, melody.form.temperature.box, melody.improvise)

    return RightColumns(
        {
            "names": _column("Names", names, names.form.temperature, names.generate),
            "text": _column("Text", writing, writing.temperature, writing.write_or_stop),
            "melodies": melodies,
        }
    )


def _column(
    title: str,
    panel: "NamesPanel | WritingPanel | MelodyPanel",
    temperature: NumberBox,
    generate: Callable[[], None],
) -> RightColumn:
    """Return what a panel has of a column."""
    return RightColumn(
        *(title, panel, panel.page, panel.log, temperature, generate),
        last_seed=lambda: panel.last_seed,
        recall_seed=panel.recall_seed,
    )


def _handle_signals(window: MainWindow) -> None:
    """Close the window at Ctrl+C in the terminal, and at SIGTERM and SIGHUP without a question.

    Signals that were ignored when the program was started stay ignored. Python handles a signal
    only while Python code runs, which it does not while Qt waits for events. A timer therefore runs
    some regularly.
    """
    termination = Termination(window)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda *_: termination.begin())
    timer = QTimer(window)
    timer.timeout.connect(window.isVisible)
    timer.start(_SIGNAL_MILLISECONDS)

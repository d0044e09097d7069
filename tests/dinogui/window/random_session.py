"""A window in a process of its own that does random things until it is killed.

Usage: python random_session.py FOLDER SEED STEPS [QUIT]

It autosaves in FOLDER/autosave and saves runs in FOLDER. Every new run has a seed of its own, by
which its files are recognised. FOLDER/log.txt gets a line for each fact, before anything else
happens:

offered SEED STEP
    At the start, for each earlier run that the window lists, and then `listed`.
reached SEED TIME
    A run has made STEPS steps, at a time in seconds.
written SEED STEP
    A run is on the disk.
deleted SEED
    A run is about to be deleted, as a person would do it.
"""

import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.nn.fast.blas import limit_blas_threads

limit_blas_threads()

import numpy as np  # noqa: E402
from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication, QPushButton  # noqa: E402

from dinogui.app import make_window  # noqa: E402
from dinogui.common.preferences import Preferences  # noqa: E402
from dinogui.common.run_plan import RunPlan  # noqa: E402
from dinogui.session.blend.shares import Shares  # noqa: E402
from engine.data.reading.choices import ReadingChoices  # noqa: E402
from engine.racing.lane import Lane, titled  # noqa: E402
from engine.racing.lane_text import lanes_of_text  # noqa: E402
from engine.racing.race import RacePlan  # noqa: E402
from engine.runs.futures import Turn  # noqa: E402
from engine.storage.archive import CheckpointError, open_archive  # noqa: E402
from engine.training.presets import PRESETS, PRESETS_BY_KEY  # noqa: E402
from engine.training.recipes import DEFAULT  # noqa: E402
from engine.training.settings import Hyperparameters, RunSettings  # noqa: E402

EVERY_SECONDS = 0.3
ACTION_MILLISECONDS = 300
SMALL = {
    "names": Hyperparameters(widths=(20,)),
    "text": Hyperparameters(widths=(8,), batch=2, optimizer="adam", learning_rate=0.002),
}


def header_of(path):
    """Return the seed and the step of a run's file."""
    with open_archive(path) as archive:
        header = archive.json("header")
    return header["seed"], header["step"]


class RandomSession:
    """Does something at random three times a second, and trains a run from the beginning.

    Parameters
    ----------
    window : MainWindow
    folder : Path
    seed : int
        Seeds of new runs count from here.
    steps : int
        After how many steps a run is worth a line of the log.
    """

    actions = (
        *("train",) * 12,
        *("pause", "restart", "restart", "preset", "open_file"),
        *("add_a_layer", "set_the_rate", "save", "open_a_saved_run", "open_an_earlier_run"),
        *("star", "delete", "go_on_from_an_earlier_step", "look_ahead", "take_a_future"),
        *("race", "end_the_race", "open_the_last_race"),
        *("open_kinds", "choose_a_blend", "choose_a_blend", "do_another_task"),
        *("preset_to_tell", "turn_a_direction", "tell_a_name", "click_the_confusion"),
    )

    def __init__(self, window, folder, seed, steps):
        self.window, self.folder, self.seed, self.steps = window, folder, seed, steps
        self.random = np.random.default_rng(seed)
        self.log = open(folder / "log.txt", "a", encoding="utf-8")  # noqa: SIM115
        self.reached = set()
        self.has_listed = False
        window.session.progressed.connect(self.note_progress)
        window.session.network_made.connect(self.train)
        window.library.autosave.written.connect(self.note_written)
        self.timer = QTimer(window, interval=ACTION_MILLISECONDS)
        self.timer.timeout.connect(self.act)
        self.timer.start()

    def say(self, *words):
        print(*words, file=self.log, flush=True)

    def note_progress(self):
        run = self.window.session.run
        if run.steps_made >= self.steps and run.settings.seed not in self.reached:
            self.reached.add(run.settings.seed)
            self.say("reached", run.settings.seed, time.monotonic())

    def note_written(self, path):
        with suppress(CheckpointError):  # it has just been renamed, or was saved elsewhere
            self.say("written", *header_of(path))

    def act(self):
        if self.has_listed:
            getattr(self, str(self.random.choice(self.actions)))()
        else:
            self.list_what_is_offered()

    def list_what_is_offered(self):
        earlier = self.window.library.earlier
        runs = earlier.runs
        there = len(list((self.folder / "autosave").glob("*.npz")))
        if len(runs) + len(earlier.deleted) < there:
            return
        for run in runs:
            self.say("offered", *header_of(run.file))
        self.say("listed")
        self.has_listed = True
        if len(sys.argv) > 4:
            self.window.closing_rule = None
            self.window.close()
            return
        self.train()
        buttons = self.window.left_behind.findChildren(QPushButton)
        wanted = str(self.random.choice(["Open", "Open later", "nothing"]))
        for button in buttons:
            if button.text() == wanted and button.isVisible():
                button.click()
                return

    def next_seed(self):
        self.seed += 1
        return self.seed

    def train(self):
        if self.has_listed:
            self.window.session.train()

    def pause(self):
        self.window.session.pause()

    def restart(self):
        settings = replace(self.window.session.settings, seed=self.next_seed())
        self.window.session.restart(settings=settings)

    def preset(self):
        preset = PRESETS[0]
        if self.window.session.kind == "names":
            settings = replace(preset.settings, seed=self.next_seed())
            self.window.opening.begin_preset(replace(preset, settings=settings))

    def open_file(self):
        kind = str(self.random.choice(["names", "text"]))
        settings = RunSettings(seed=self.next_seed(), length=16)
        plan = RunPlan(DEFAULT, SMALL[kind], settings)
        self.window.session.load(str(self.folder / f"{kind}.txt"), kind=kind, plan=plan)

    def open_kinds(self):
        folder = self.folder / "kinds"
        folder.mkdir(exist_ok=True)
        for kind, ending in (("Greek", "is"), ("Irish", "an"), ("Norse", "ulf")):
            names = "".join(f"{letter}or{ending}\n" for letter in "bcdfghkl")
            (folder / f"{kind}.txt").write_text(names, encoding="utf-8")
        balanced = replace(SMALL["names"], balance=float(self.random.random()))
        plan = RunPlan(DEFAULT, balanced, RunSettings(seed=self.next_seed()))
        choices = ReadingChoices(kinds=True)
        self.window.session.load(str(folder), kind="names", plan=plan, choices=choices)

    def choose_a_blend(self):
        titles = ["Greek", "Irish", "Norse", "Unknown"]
        weights = {title: float(self.random.random()) for title in self.random.permutation(titles)}
        self.window.session.blend.choose(Shares.in_proportion(weights))

    def do_another_task(self):
        session = self.window.session
        if session.corpus is not None and session.corpus.kinds is not None:
            now = session.settings
            task = "write" if now.task == "tell" else "tell"
            both = task == "tell" and bool(self.random.random() < 0.5)
            changes = {"task": task, "both_directions": both, "seed": self.next_seed()}
            session.restart(settings=replace(now, **changes))

    def preset_to_tell(self):
        session = self.window.session
        if session.corpus is not None and session.corpus.kinds is not None:
            session.begin_preset(PRESETS_BY_KEY["tell"])
            session.set_hyperparameters(widths=(8,), batch=8)

    def turn_a_direction(self):
        """Begin a run that reads in one direction more, or less, as a person would."""
        model = self.window.model
        if self.window.session.run.tells:
            self.window.left.show_settings()
            model.kinds.both.click()
            if model.begin.isEnabled():
                model.begin.click()

    def tell_a_name(self):
        panel = self.window.docks.show("tell_kind")
        panel.name_box.line.setText(str(self.random.choice(["boris", "dor", "", "Zß1"])))
        told = self.window.names.told
        if told is not None and told.isVisible():
            told.others.click()
            if told.model.rowCount():
                told.table.clicked.emit(told.model.index(0, 0))

    def click_the_confusion(self):
        panel = self.window.docks.show("confusion")
        row, column = map(int, self.random.integers(0, 3, 2))
        panel.map.clicked.emit(row, column)

    def add_a_layer(self):
        widths = self.window.session.hyperparameters.widths
        if len(widths) < 3 and not self.window.session.recipe.is_legacy:
            self.window.run_commands.set_hyperparameters({"widths": (*widths, 8)})

    def set_the_rate(self):
        rate = float(10 ** self.random.uniform(-4, -2.5))
        self.window.run_commands.set_learning_rate(rate)

    def save(self):
        if self.window.session.steps_made:
            seed = self.window.session.settings.seed
            self.window.library.saving.save_to(
                str(self.folder / f"saved-{seed}-{time.monotonic_ns()}.npz")
            )

    def open_a_saved_run(self):
        saved = sorted(self.folder.glob("saved-*.npz"))
        if saved:
            self.window.open_file(str(saved[self.random.integers(len(saved))]))

    def an_earlier_run(self):
        runs = [run for run in self.window.library.earlier.runs if run.path is not None]
        return runs[self.random.integers(len(runs))] if runs else None

    def open_an_earlier_run(self):
        run = self.an_earlier_run()
        if run is not None:
            self.window.library.earlier.open(run)

    def go_on_from_an_earlier_step(self):
        made = self.window.session.steps_made
        if made:
            self.window.session.go_on_from(int(self.random.integers(made)))

    def look_ahead(self):
        if self.window.session.can_train:
            turns = [Turn(0.5), Turn(2.0)]
            self.window.session.ahead.look("learning_rate", turns, 200)

    def take_a_future(self):
        ahead = self.window.session.ahead
        if ahead.futures:
            ahead.take(int(self.random.integers(len(ahead.futures))))

    def race(self):
        session = self.window.session
        if session.has_network:
            base = Lane(SMALL[session.kind], session.settings, session.recipe)
            lanes = titled(lanes_of_text("learning_rate=0.001; learning_rate=0.002", base))
            session.racing.begin(lanes, RacePlan(steps=5_000))

    def end_the_race(self):
        self.window.session.racing.end()

    def open_the_last_race(self):
        self.window.actions_.races.open_last.trigger()

    def star(self):
        run = self.an_earlier_run()
        if run is not None:
            self.window.library.earlier.star(run, not run.is_starred)

    def delete(self):
        run = self.an_earlier_run()
        if run is not None and run.path.exists() and self.random.random() < 0.3:
            self.say("deleted", header_of(run.path)[0])
            self.window.library.earlier.delete(run)


def main():
    """Open the window, and do random things."""
    folder, seed, steps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    application = QApplication([])
    window = make_window(application, seed, Preferences())
    window.library.autosave_in(folder / "autosave", EVERY_SECONDS)
    session = RandomSession(window, folder, seed, steps)
    window.show()
    code = application.exec()
    session.log.close()
    sys.exit(code)


if __name__ == "__main__":
    main()

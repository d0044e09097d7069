"""One measurement of the window in its own process: prints a line of JSON and exits.

    python window_probes.py PROBE CELL WIDTH AMOUNT

PROBE is headless, window, heartbeat, panels_window, panels_heartbeat, course, course_window, knobs,
frames, memory or collection. All compute steps with the compiled kernels if these are ready, as new
runs do; course is the course's own code. With panels_, all panels that look inside the network are
visible, side by side. AMOUNT is the seconds of training, the number of slider moves or collections,
or, for course_window, frames and memory, the number of steps. The window is the real one, made as
dinogui/app.py makes it. The process that trains headless does not even import it.
"""

import json
import sys
import time

from machine import prepare_process

prepare_process()

import numpy as np  # noqa: E402 (the limit has to be set first)

WARM_UP_SECONDS = 0.7
"""Training that is not measured, before the measurement; no longer than the measurement itself."""

FRAMES = 24
STEPS_A_FRAME = 50
FED_AT_ONCE = 10_000
PANELS = ("clipping", "flow", "states", "next_letter", "weights", "steps")


def hyperparameters(width):
    """Return those that a run begins with, its falling learning rate included."""
    from dataclasses import replace

    from engine.nn.backends import best_backend
    from engine.training.recipes import DEFAULT
    from engine.training.settings import default_hyperparameters

    return replace(default_hyperparameters(DEFAULT), widths=(width,), backend=best_backend())


def headless(cell, width, seconds):
    """Train without a window."""
    import resources
    from engine.data.corpus import names_from_bytes
    from engine.training.settings import RunSettings
    from engine.training.trainer import Trainer

    corpus = names_from_bytes(resources.names_bytes(resources.DINOSAURS), resources.DINOSAURS)
    trainer = Trainer(corpus, hyperparameters(width), settings=RunSettings(cell=cell))
    run_for(trainer, min(WARM_UP_SECONDS, seconds))
    start, before = time.perf_counter(), trainer.step
    run_for(trainer, seconds)
    return {"rate": (trainer.step - before) / (time.perf_counter() - start)}


def run_for(trainer, seconds):
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        trainer.run(1_000_000_000, left)


class Stage:
    """The real window with a run, whose frames and steps are counted."""

    def __init__(self, cell, width):
        from PySide6.QtWidgets import QApplication

        from dinogui.app import make_window
        from engine.training.settings import RunSettings

        self.application = QApplication([])
        self.window = make_window(self.application)
        self.session = self.window.session
        self.session.restart(None, hyperparameters(width), RunSettings(cell=cell))
        self.frames = 0
        self.marks = []
        self._watch_paints()
        self.session.progressed.connect(self._mark)
        self.window.show()
        while not self.session.has_network:
            self.application.processEvents()
        self.live(0.3)

    def _watch_paints(self):
        """Count the frames: paint events of the curves after they were updated."""
        from PySide6.QtCore import QEvent, QObject

        stage, draw = self, self.window.loss_plot.draw
        self._is_drawn = False

        def draw_and_note():
            draw()
            stage._is_drawn = True

        class PaintCounter(QObject):
            def eventFilter(self, watched, event):
                if stage._is_drawn and event.type() == QEvent.Type.Paint:
                    stage.frames += 1
                    stage._is_drawn = False
                return False

        self.window.loss_plot.draw = draw_and_note
        pane = self.window.loss_plot.pane
        self._counter = PaintCounter(pane)
        pane.installEventFilter(self._counter)

    def _mark(self, progress):
        self.marks.append((time.perf_counter(), progress.step))

    def live(self, seconds):
        """Let the event loop run for a time."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()  # quitting the application would close the window
        QTimer.singleShot(round(1e3 * seconds), loop.quit)
        loop.exec()

    def close(self):
        self.window.close()


def window(cell, width, seconds):
    """Train with the window open."""
    return train_in_window(Stage(cell, width), seconds)


def panels_window(cell, width, seconds):
    """Train with the window open and all panels visible."""
    stage = Stage(cell, width)
    show_panels(stage)
    return train_in_window(stage, seconds)


def show_panels(stage):
    """Show all panels that look inside the network in two rows, and let them draw."""
    from PySide6.QtCore import Qt

    from dinogui.panels.insight.frame.pacing import is_seen

    stage.window.resize(1900, 1200)
    area = stage.window.panels_card.area
    docks = [stage.window.docks.docks[name] for name in PANELS]
    panels = [stage.window.docks.panel(name) for name in PANELS]
    for dock in docks:  # they are tabs behind each other
        area.removeDockWidget(dock)
    area.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks[0])
    area.splitDockWidget(docks[0], docks[3], Qt.Orientation.Vertical)
    for place in (1, 2, 4, 5):
        area.splitDockWidget(docks[place - 1], docks[place], Qt.Orientation.Horizontal)
    for dock in docks:
        dock.show()
    stage.live(0.5)
    unseen = [panel.accessibleName() for panel in panels if not is_seen(panel)]
    if unseen:
        raise RuntimeError(f"Not to be seen: {', '.join(unseen)}.")


def train_in_window(stage, seconds):
    """Return the training rate and the frames per second."""
    stage.session.train()
    stage.live(min(WARM_UP_SECONDS, seconds))
    stage.frames, stage.marks = 0, []
    start = time.perf_counter()
    stage.live(seconds)
    frames = stage.frames / (time.perf_counter() - start)
    (first, before), (last, after) = stage.marks[0], stage.marks[-1]
    stage.close()
    return {"rate": (after - before) / (last - first), "frames": frames}


def heartbeat(cell, width, seconds):
    """Measure how late a timer of 5 ms fires during training: how long the event loop was busy."""
    return beat_in_window(Stage(cell, width), seconds)


def panels_heartbeat(cell, width, seconds):
    """Measure the same with all panels visible."""
    stage = Stage(cell, width)
    show_panels(stage)
    return beat_in_window(stage, seconds)


def beat_in_window(stage, seconds):
    """Return the 99th percentile of the delays, and the longest, in milliseconds."""
    from PySide6.QtCore import Qt, QTimer

    beats = [time.perf_counter()]
    timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    stage.session.train()
    stage.live(min(WARM_UP_SECONDS, seconds))
    beats[0] = time.perf_counter()
    timer.start()
    stage.live(seconds)
    timer.stop()
    beats.append(time.perf_counter())  # so that a beat that never came is late as well
    stage.close()
    late = np.maximum(np.diff(beats) * 1e3 - 5.0, 0.0)
    return {"p99": float(np.percentile(late, 99)), "worst": float(late.max())}


def course(cell, width, seconds):
    """Train with the course's own code, which has only the tanh cell."""
    from course_networks import CourseRNN

    import resources
    from engine.data.corpus import names_from_bytes
    from engine.training.recipes import NOTEBOOK
    from engine.training.settings import RunSettings
    from engine.training.trainer import Trainer

    corpus = names_from_bytes(resources.names_bytes(resources.DINOSAURS), resources.DINOSAURS)
    parameters = Trainer(
        corpus, hyperparameters(width), NOTEBOOK, RunSettings(cell=cell)
    ).parameters
    encoded = [corpus.vocabulary.encode(name).tolist() for name in corpus.names]
    learner, steps = CourseRNN(encoded, parameters), 0
    start = time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        learner.run(100)
        steps += 100
    return {"rate": steps / spent}


def course_window(cell, width, steps):
    """Time so many steps of the course's recipe in the window, from the order to the last one."""
    from engine.training.recipes import NOTEBOOK
    from engine.training.settings import RunSettings

    stage = Stage(cell, width)
    session = stage.session
    session.restart(NOTEBOOK, hyperparameters(width), RunSettings(cell=cell))
    while not session.has_network:
        stage.application.processEvents()
    train_to(stage, 1_000)  # a first run loads what it needs
    stage.live(WARM_UP_SECONDS)
    start = time.perf_counter()
    train_to(stage, 1_000 + int(steps))
    seconds = time.perf_counter() - start
    stage.close()
    return {"seconds": seconds}


def train_to(stage, step):
    """Train up to a step, and return when the window is told that it is reached."""
    from PySide6.QtCore import QEventLoop

    from dinogui.session.run import RunState

    loop, session = QEventLoop(), stage.session
    stopped = session.state_changed.connect(
        lambda state: None if state is RunState.TRAINING else loop.quit()
    )
    session.train(step)
    loop.exec()
    session.state_changed.disconnect(stopped)


def knobs(cell, width, count):
    """Measure when a slider's value takes effect, and how long widening delays the next step.

    A value takes effect when `Trainer.set_hyperparameters` returns. The delay is the time between
    the end of one `Trainer.run` and the beginning of the next.
    """
    from engine.training.trainer import Trainer

    turned, gaps = [], []
    run, set_hyperparameters = Trainer.run, Trainer.set_hyperparameters
    ended = [time.perf_counter()]
    resized = [False]

    def noted_turn(trainer, *wanted, **how):
        report = set_hyperparameters(trainer, *wanted, **how)
        turned.append(time.perf_counter())
        resized[0] = report is not None and report.widths_after > report.widths_before
        return report

    def noted_run(trainer, *arguments):
        if resized[0]:
            gaps.append(time.perf_counter() - ended[0])
            resized[0] = False
        chunk = run(trainer, *arguments)
        ended[0] = time.perf_counter()
        return chunk

    Trainer.run, Trainer.set_hyperparameters = noted_run, noted_turn
    stage = Stage(cell, width)
    stage.session.train()
    stage.live(WARM_UP_SECONDS)
    slider = stage.window.controls.learning_rate.slider
    delays = []
    pause = np.random.default_rng(0)
    for turn_number in range(int(count)):
        stage.live(pause.uniform(0.03, 0.08))
        seen = len(turned)
        start = time.perf_counter()
        slider.setValue(slider.value() + (1 if turn_number % 2 else -1))
        while len(turned) == seen:
            stage.live(0.001)
        delays.append(1e3 * (turned[seen] - start))
    for _ in range(max(int(count) // 5, 1)):
        for units in (200, 50):
            before = stage.session.steps_made
            stage.session.set_hyperparameters(widths=(units,))
            while len(turned) == 0 or stage.session.steps_made < before + 20:
                stage.live(0.02)
            stage.live(0.1)
    stage.close()
    return {"delays": delays, "gaps": [1e3 * gap for gap in gaps]}


def frames(cell, width, steps):
    """Time frames of two runs in turns, one of 10,000 steps and one of many."""
    from engine.training.curves.run_curves import Curves

    stage = Stage(cell, width)
    plot = stage.window.loss_plot
    histories = {"short": Curves(), "long": Curves()}
    feed(histories["short"], 10_000)
    feed(histories["long"], int(steps))
    found = {which: [] for which in histories}
    points = {}
    for _ in range(3):
        for which, curves in histories.items():
            plot.show_history(
                curves, stage.session.guessing_loss, held_out=stage.session.run.held_out_size
            )
            for number in range(FRAMES):
                start = time.perf_counter()
                curves.append(*chunk_after(curves.last_step, STEPS_A_FRAME))
                plot.draw()
                stage.application.processEvents()  # paints the curves
                if number >= FRAMES // 4:  # the first ones still change the view
                    found[which].append(1e3 * (time.perf_counter() - start))
            points[which] = plot.points_drawn
    stage.close()
    medians = {which: float(np.median(each)) for which, each in found.items()}
    return medians | {"points": points}


def memory(cell, width, steps):
    """Feed the window the messages of many steps, and measure how much memory they take."""
    from engine.training.messages import LogEntry, Progress

    stage = Stage(cell, width)
    names = tuple("tyrannosaurus" for _ in range(7))

    def give(until):
        session = stage.session
        while session.curves.last_step < until:
            session.curves.append(*chunk_after(session.curves.last_step, FED_AT_ONCE))
            step, chunk = chunk_after(session.curves.last_step, 1)
            session.progressed.emit(Progress(step, 1.0, chunk, 1.0, 1.0, 20.0, 10.0))
            for entry in range(FED_AT_ONCE // 2_000):
                session.log_entry_written.emit(LogEntry(step - 2_000 * entry, 20.0, names))
            stage.application.processEvents()

    give(5 * FED_AT_ONCE)
    stage.live(0.5)
    before = resident_bytes()
    give(5 * FED_AT_ONCE + int(steps))
    stage.live(0.5)
    after = resident_bytes()
    stage.close()
    return {"megabytes": (after - before) / 1e6}


def feed(curves, steps):
    """Append made-up steps to curves."""
    while curves.last_step < steps:
        curves.append(*chunk_after(curves.last_step, min(FED_AT_ONCE, steps - curves.last_step)))


def chunk_after(step, count):
    """Return the last step and a chunk of made-up steps: a falling curve with noise."""
    from engine.training.messages import Chunk, HeldOutLoss

    random = np.random.default_rng(step)
    steps = np.arange(step + 1, step + count + 1)
    smoothed = 17.0 + 20.0 * np.exp(-steps / 5_000) + 0.1 * np.sin(steps / 900)
    characters = random.integers(5, 25, count).astype(float)
    loss = smoothed * random.uniform(0.4, 2.0, count)
    held_out = tuple(
        HeldOutLoss(int(s), 18.0 + 20.0 * float(np.exp(-s / 5_000)), 1.8)
        for s in steps[steps % 1_000 == 0]
    )
    return step + count, Chunk(loss, characters, smoothed, np.full(count, 12.0), held_out)


def collection(cell, width, count):
    """Time full garbage collections after the start, as the window makes them."""
    import gc

    from dinogui.startup.garbage import freeze_objects

    stage = Stage(cell, width)
    gc.collect()
    freeze_objects()
    milliseconds = []
    for _ in range(int(count)):
        start = time.perf_counter()
        gc.collect()
        milliseconds.append(1e3 * (time.perf_counter() - start))
    stage.close()
    return {"milliseconds": float(np.median(milliseconds))}


def resident_bytes():
    """Return the process's resident memory (Linux only)."""
    import gc
    import os
    from pathlib import Path

    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    probe, cell, width, amount = sys.argv[1:]
    probes = (
        headless, window, heartbeat, panels_window, panels_heartbeat, course, course_window, knobs,
        frames, memory, collection,
    )  # fmt: skip
    chosen = next(each for each in probes if each.__name__ == probe)
    print(json.dumps(chosen(cell, int(width), float(amount))))

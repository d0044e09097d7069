"""The base of every worker: each order is answered exactly once, whatever happens."""

import gc
import subprocess
import sys
import threading

import numpy as np
import pytest
from PySide6.QtCore import QThread

from dinogui.workers.service import (
    Refusal,
    RefusedError,
    Threads,
    Worker,
    WorkerClient,
    WorkerThread,
)
from dinogui.workers.service.orders import CancelledError


class Clerk(Worker):
    """A worker with an order for each kind of outcome."""

    task = "The clerk's work"
    refusals = (LookupError,)

    def __init__(self):
        super().__init__()
        self.begun = threading.Event()
        self.released = threading.Event()
        self.made = []
        self.counting = None
        self.ticks = self.timer(Clerk.tick)

    def note(self, value):
        self.made.append(value)
        return value

    def thread_names(self):
        return QThread.currentThread().objectName(), threading.current_thread().name

    def refuse(self):
        raise RefusedError("There is no such thing.", "prefix")

    def look_up(self):
        raise LookupError("It is not in the list.")

    def fail(self):
        raise ZeroDivisionError("by nought")

    def run_out_of_memory(self):
        np.empty(1 << 60, np.uint8)

    def block(self):
        self.begun.set()
        self.released.wait(20)
        return "released"

    def work_until_cancelled(self):
        self.begun.set()
        while True:
            self.order.raise_if_cancelled()
            self.report("still at it")
            QThread.msleep(1)

    def count_to(self, end):
        if self.counting is not None:
            self.finish(self.counting[0])
        self.counting = self.defer(), end
        self.left = end
        self.ticks.start(0)

    def tick(self):
        order, end = self.counting
        if order.is_cancelled:
            self.finish(order)
            self.ticks.stop()
            return
        if end < 0:
            raise ArithmeticError("less than nothing")
        self.left -= 1
        self.report(end - self.left, order)
        if self.left <= 0:
            self.ticks.stop()
            self.counting = None
            self.finish(order, "counted")


class Answers:
    """Collects the answers to an order."""

    def __init__(self):
        self.number = None
        self.given = []
        self.reports = []

    def functions(self):
        return {
            "done": lambda value: self.given.append(("done", value)),
            "refused": lambda refusal: self.given.append(("refused", refusal)),
            "dropped": lambda: self.given.append(("dropped", None)),
            "reported": self.reports.append,
        }


@pytest.fixture
def threads(qapp):
    threads = Threads()
    yield threads
    threads.close()


@pytest.fixture
def client(threads):
    clerk = Clerk()
    yield WorkerClient(clerk, threads.start("clerk"), threads)
    clerk.released.set()


@pytest.fixture
def ask(client):
    """Return a function that gives an order and returns its answers."""

    def give(method, *arguments, **more):
        answers = Answers()
        answers.number = client.order(method, *arguments, **answers.functions(), **more)
        return answers

    return give


def test_orders_are_numbered_and_answered_once_and_in_order(ask, client, qtbot):
    asked = [ask(Clerk.note, value) for value in "abc"]
    assert [answers.number for answers in asked] == [1, 2, 3]
    qtbot.waitUntil(lambda: bool(asked[-1].given))
    assert [answers.given for answers in asked] == [[("done", value)] for value in "abc"]
    assert client.worker.made == ["a", "b", "c"]


def test_a_thread_has_the_same_name_in_qt_and_in_the_log(ask, qtbot):
    answers = ask(Clerk.thread_names)
    qtbot.waitUntil(lambda: bool(answers.given))
    assert answers.given == [("done", ("clerk", "clerk"))]


def test_thread_names_are_unique(threads, client):
    with pytest.raises(ValueError, match="two threads named “clerk”"):
        threads.start("clerk")


def test_an_expected_refusal_passes_on_its_message(ask, qtbot, caplog):
    refused, looked_up = ask(Clerk.refuse), ask(Clerk.look_up)
    qtbot.waitUntil(lambda: bool(looked_up.given))
    assert refused.given == [("refused", Refusal("There is no such thing.", "prefix"))]
    assert looked_up.given == [("refused", Refusal("It is not in the list."))]
    assert not caplog.records


def test_memory_that_runs_out_is_refused_in_a_sentence(ask, qtbot):
    failed, after = ask(Clerk.run_out_of_memory), ask(Clerk.note, 1)
    qtbot.waitUntil(lambda: bool(after.given))
    ((kind, refusal),) = failed.given
    assert kind == "refused"
    assert refusal.sentence.startswith(
        "The clerk's work has failed. There is not enough memory. 1.00 EiB were asked for at once."
    )
    assert after.given == [("done", 1)]


def test_an_exception_is_logged_and_refused_and_the_next_order_is_carried_out(ask, qtbot, caplog):
    failed, after = ask(Clerk.fail), ask(Clerk.note, 1)
    qtbot.waitUntil(lambda: bool(after.given))
    ((kind, refusal),) = failed.given
    assert (kind, refusal.is_error) == ("refused", True)
    assert refusal.sentence == (
        "The clerk's work failed (ZeroDivisionError: by nought). "
        "Help > Show log file has the details."
    )
    assert "The clerk's work failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert after.given == [("done", 1)]


def test_work_continued_by_a_timer_reports_progress_and_is_answered(ask, qtbot):
    counted, meanwhile = ask(Clerk.count_to, 3), ask(Clerk.note, "meanwhile")
    qtbot.waitUntil(lambda: bool(counted.given))
    assert (counted.given, counted.reports) == ([("done", "counted")], [1, 2, 3])
    assert meanwhile.given == [("done", "meanwhile")]


def test_an_exception_in_a_timer_refuses_the_order_and_stops_the_timer(ask, qtbot, caplog):
    counted = ask(Clerk.count_to, -1)
    qtbot.waitUntil(lambda: bool(counted.given))
    after = ask(Clerk.note, 1)
    qtbot.waitUntil(lambda: bool(after.given))
    ((kind, refusal),) = counted.given
    assert kind == "refused"
    assert "ArithmeticError: less than nothing" in refusal.sentence
    assert len(caplog.records) == 1, "the timer was not stopped"


def test_a_later_order_replaces_an_earlier_one(ask, qtbot):
    first = ask(Clerk.count_to, 10**9, supersedes=True)
    second = ask(Clerk.count_to, 2, supersedes=True)
    qtbot.waitUntil(lambda: bool(second.given))
    assert first.given == [("dropped", None)]
    assert second.given == [("done", "counted")]


def test_cancelling_stops_work_that_is_under_way(ask, client, qtbot):
    working, other = ask(Clerk.work_until_cancelled), ask(Clerk.note, 1)
    assert client.worker.begun.wait(10)
    client.cancel(Clerk.work_until_cancelled)
    reports = len(working.reports)
    qtbot.waitUntil(lambda: bool(other.given))
    assert working.given == [("dropped", None)]
    assert len(working.reports) == reports, "a report of a cancelled order"
    assert other.given == [("done", 1)]


def test_an_order_cancelled_before_its_turn_is_not_carried_out(ask, client, qtbot):
    blocking, cancelled = ask(Clerk.block), ask(Clerk.note, 1)
    client.cancel(Clerk.note)
    client.worker.released.set()
    qtbot.waitUntil(lambda: bool(cancelled.given))
    assert blocking.given == [("done", "released")]
    assert (cancelled.given, client.worker.made) == ([("dropped", None)], [])


def test_closing_carries_out_lasting_orders_and_answers_everything(ask, client, threads):
    blocking = ask(Clerk.block)
    assert client.worker.begun.wait(10)
    kept = ask(Clerk.note, "kept", outlasts_closing=True)
    cancelled = ask(Clerk.note, "cancelled")
    # Only when the thread takes no more orders: before, it would still carry out the last one.
    threads.findChild(WorkerThread, "clerk").ending.connect(client.worker.released.set)
    threads.close()
    assert threads.have_ended
    assert client.worker.made == ["kept"]
    assert kept.given == [("done", "kept")]
    assert blocking.given == cancelled.given == [("dropped", None)]


def test_orders_after_closing_are_refused(ask, threads, qtbot):
    threads.close()
    late = ask(Clerk.note, 1)
    assert late.given == [], "the client does not know its number yet"
    qtbot.waitUntil(lambda: bool(late.given))
    ((kind, refusal),) = late.given
    assert kind == "refused"
    assert "was closed" in refusal.sentence


def test_a_thread_started_after_closing_takes_no_orders(threads, qtbot):
    threads.close()
    client = WorkerClient(Clerk(), threads.start("late"), threads)
    answers = Answers()
    client.order(Clerk.note, 1, **answers.functions())
    qtbot.waitUntil(lambda: bool(answers.given))
    assert answers.given[0][0] == "refused"
    assert threads.have_ended


def test_closing_waits_a_limited_time_for_a_blocked_worker(ask, client, threads, qtbot, caplog):
    threads.start("idle")
    blocking = ask(Clerk.block, outlasts_closing=True)
    assert client.worker.begun.wait(10)
    threads.close(50)
    assert not threads.have_ended
    assert "The clerk thread did not end in time." in caplog.text
    ((kind, refusal),) = blocking.given
    assert (kind, refusal.is_error) == ("refused", True)
    client.worker.released.set()
    qtbot.waitUntil(lambda: threads.have_ended)
    qtbot.wait(20)
    assert len(blocking.given) == 1, "it was answered twice"


class Diligent(Worker):
    """A worker with work of many parts, which it does as an order, or by timer."""

    def __init__(self):
        super().__init__()
        self.begun, self.stopped = threading.Event(), threading.Event()
        self.parts = self.timer(Diligent.work)

    def work(self):
        self.begun.set()
        try:
            for _ in range(2_000):
                self.stop_if_closing()
                self.stopped.wait(0.01)
        except CancelledError:
            self.stopped.set()
            raise

    def work_by_timer(self):
        self.parts.start(0)


@pytest.mark.parametrize("method", [Diligent.work, Diligent.work_by_timer])
def test_work_of_many_parts_is_left_when_the_application_closes(threads, caplog, method):
    worker, answers = Diligent(), []
    client = WorkerClient(worker, threads.start("diligent"), threads)
    client.order(method, refused=answers.append)
    assert worker.begun.wait(10)
    threads.close()
    assert worker.stopped.is_set()
    assert threads.have_ended
    assert not caplog.records, "nothing has failed"


class SlowToEnd(Worker):
    """A worker that takes its time to stop its timers, which its thread lets it do at its end."""

    def __init__(self):
        super().__init__()
        self.is_ending, self.released = threading.Event(), threading.Event()
        self.has_ended = False

    def end(self):
        self.is_ending.set()
        self.released.wait(20)
        super().end()
        self.has_ended = True


def test_a_thread_has_not_ended_while_it_stops_its_workers(threads, qtbot):
    worker = SlowToEnd()
    thread = threads.start("slow")
    client = WorkerClient(worker, thread, threads)
    thread.end()
    assert worker.is_ending.wait(10)
    assert not thread.has_ended
    threading.Timer(0.2, worker.released.set).start()
    threads.close()
    assert worker.has_ended, "what the worker needs may be destroyed from now on"
    assert threads.have_ended
    assert client.worker is worker


def test_a_destroyed_client_is_not_closed(threads, qtbot):
    thread = threads.start("clerk")
    client = WorkerClient(Clerk(), thread, threads)
    answers = Answers()
    client.order(Clerk.note, 1, **answers.functions())
    qtbot.waitUntil(lambda: bool(answers.given))
    client.deleteLater()
    del client
    qtbot.wait(10)
    gc.collect()
    threads.close()
    assert threads.have_ended


STUCK_DISK = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from dinogui import app
from dinogui.workers.service import threads
from engine.runs import run_file

threads.CLOSING_MILLISECONDS = 200
stuck = threading.Event()
run_file.save_run = lambda *_, **__: (stuck.set(), threading.Event().wait())
application = QApplication([])
window = app.make_window(application)
window.show()

def save(_snapshot):
    window.session.snapshot_taken.disconnect(save)
    window.library.saving.save_to(sys.argv[1])

def close_when_stuck():
    if stuck.is_set():
        window.close()

window.session.snapshot_taken.connect(save)
timer = QTimer()
timer.timeout.connect(close_when_stuck)
timer.start(20)
application.exec()
assert stuck.is_set() and not window.session.has_ended
sys.exit(app._leave(window, 0))
"""


def test_a_stuck_disk_does_not_abort_the_process_at_exit(tmp_path, nobodys_settings):
    command = [sys.executable, "-c", STUCK_DISK, str(tmp_path / "run.npz")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert "The saving thread did not end in time" in ended.stderr

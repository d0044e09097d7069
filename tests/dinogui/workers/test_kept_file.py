"""The file of kept names: any data file name, old versions, and named errors."""

import errno
import json
import os

import pytest
from PySide6.QtCore import QLockFile, QTimer

from dinogui.common.kept_name import KeptName
from dinogui.workers import kept_file
from dinogui.workers.kept_file import KeptFile, kept_names_of
from dinogui.workers.kept_file_worker import KeptFileWorker
from dinogui.workers.service import Threads, WorkerClient

REX = KeptName("rex", "dinosaurs.txt", "RNN 50", 10, 1.5, 3, 0.5)
ODD = KeptName("odd", "caf\udce9.txt", "RNN 50", 10, 1.5)
"""From a data file whose name is not UTF-8: Python holds its é as a lone surrogate."""

OLD_ENTRY = {
    "name": "rex",
    "data": "dinosaurs.txt",
    "model": "RNN 50",
    "step": 10,
    "nats_a_character": 1.5,
    "seed": 3,
    "temperature": 0.5,
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept-names.json"


@pytest.fixture
def ask(qtbot):
    """Return a function that makes a worker for a file: a function that gives its answers.

    Those are a list, with the content or the refusal for each order in turn.
    """
    all_threads = []

    def make(file):
        threads = Threads()
        all_threads.append(threads)
        client = WorkerClient(KeptFileWorker(file), threads.start("names"), threads)

        def run(*orders):
            answers = []
            for method, *arguments in orders:
                client.order(method, *arguments, done=answers.append, refused=answers.append)
            qtbot.waitUntil(lambda: len(answers) == len(orders))
            return answers

        return run

    yield make
    for threads in all_threads:
        threads.close()


def keeping(*names):
    return KeptFileWorker.change, names, frozenset()


def test_the_name_of_a_data_file_need_not_be_utf_8(path):
    file = KeptFile(path)
    file.change([ODD], ())
    file.change([REX], ())
    assert file.read() == ((ODD, REX), "")
    path.read_bytes().decode("utf-8")  # and the file itself is


def test_names_after_one_from_such_a_file_are_written_too(path, ask):
    run = ask(KeptFile(path))
    assert run(keeping(ODD)) == [((ODD,), "")]
    assert run(keeping(REX)) == [((ODD, REX), "")]
    assert [entry["name"] for entry in json.loads(path.read_text())["names"]] == ["odd", "rex"]


def test_a_file_of_version_1_is_read_and_written_in_the_current_version(path):
    path.write_text(json.dumps({"version": 1, "names": [OLD_ENTRY]}))
    file = KeptFile(path)
    assert file.read() == ((REX,), "")
    file.change([ODD], ())
    written = json.loads(path.read_text())
    assert written["version"] == 2
    assert [entry["nats_per_character"] for entry in written["names"]] == [1.5, 1.5]
    assert all("nats_a_character" not in entry for entry in written["names"])


def test_the_old_field_in_old_run_files_is_read():
    assert kept_names_of([OLD_ENTRY]) == (REX,)


def test_a_file_of_a_later_version_is_refused(path):
    path.write_text('{"version": 3, "names": []}')
    names, note = KeptFile(path).read()
    assert names == ()
    assert "its version is unknown" in note
    assert "kept-names-damaged-1.json" in note


def test_a_locked_file_times_out(path):
    file = KeptFile(path)
    file.lock_milliseconds = 10
    lock = QLockFile(f"{path}.lock")
    assert lock.lock()
    with pytest.raises(TimeoutError) as refused:
        file.change([REX], ())
    lock.unlock()
    assert refused.value.errno == errno.ETIMEDOUT
    assert "another window has locked it" in str(refused.value)


def test_too_many_damaged_files_raise_a_named_error(path, monkeypatch):
    monkeypatch.setattr(kept_file, "_MAX_DAMAGED", 2)
    path.write_text("no JSON")
    path.with_name("kept-names-damaged-1.json").write_text("an earlier one")
    with pytest.raises(FileExistsError) as refused:
        KeptFile(path).read()
    assert refused.value.errno == errno.EEXIST


def put_pipe(path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in folders")
    os.mkfifo(path)


@pytest.mark.parametrize("name", ["kept-names.json", "kept-names.json.lock"])
@pytest.mark.parametrize(
    ("put", "reason"), [(put_pipe, "it is not a regular file"), (os.mkdir, "it is a folder")]
)
def test_a_pipe_or_a_folder_in_its_place_is_refused_and_left_alone(
    path, ask, tmp_path, put, reason, name
):
    path.write_text('{"version": 2, "names": []}')
    (tmp_path / name).unlink(missing_ok=True)
    put(tmp_path / name)
    run = ask(KeptFile(path))
    for order in ((KeptFileWorker.read,), keeping(REX)):
        (refusal,) = run(order)
        assert reason in refusal.sentence
    os.rmdir(tmp_path / name) if reason.endswith("folder") else os.unlink(tmp_path / name)
    assert run(keeping(ODD)) == [((REX, ODD), "")]


class CountingFile(KeptFile):
    """A file that counts how often it is written."""

    written = 0

    def change(self, added, removed):
        self.written += 1
        return super().change(added, removed)


def test_changes_that_wait_for_another_window_are_written_together(path, ask, qtbot):
    file = CountingFile(path)
    run = ask(file)
    lock = QLockFile(f"{path}.lock")
    assert lock.lock()
    QTimer.singleShot(50, lock.unlock)
    many = [KeptName(f"rex{number}", "dinos.txt", "RNN 50", 10, 1.5) for number in range(40)]
    answers = run(*(keeping(kept) for kept in many))
    assert answers[-1] == (tuple(many), "")
    assert file.written <= 2, "one that was waiting, and one for all the others"
    assert file.read() == (tuple(many), "")


def test_what_could_not_be_written_is_written_at_the_end(path, qtbot):
    threads, refusals = Threads(), []
    client = WorkerClient(KeptFileWorker(KeptFile(path)), threads.start("names"), threads)
    path.mkdir()
    client.order(*keeping(REX), refused=refusals.append, outlasts_closing=True)
    qtbot.waitUntil(lambda: bool(refusals))
    path.rmdir()
    threads.close()
    assert threads.have_ended
    assert KeptFile(path).read() == ((REX,), "")


def test_a_lock_that_is_held_for_ever_does_not_keep_the_window_from_closing(path, qtbot, caplog):
    threads, refusals = Threads(), []
    client = WorkerClient(KeptFileWorker(KeptFile(path)), threads.start("names"), threads)
    lock = QLockFile(f"{path}.lock")
    assert lock.lock()
    for _ in range(30):
        client.order(*keeping(REX), refused=refusals.append, outlasts_closing=True)
    threads.close()
    assert threads.have_ended
    assert len(refusals) == 30
    assert "another window has locked it" in refusals[-1].sentence
    assert "did not end in time" not in caplog.text
    lock.unlock()

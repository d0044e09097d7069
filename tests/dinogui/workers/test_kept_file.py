"""The file of kept names: any data file name, old versions, and named errors."""

import errno
import json
import os

import pytest
from PySide6.QtCore import QLockFile

from dinogui.common.kept_name import KeptName
from dinogui.workers import kept_file
from dinogui.workers.kept_file import KeptFile, kept_names_of
from dinogui.workers.kept_file_worker import KeptFileWorker
from dinogui.workers.service import RefusedError

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


def test_the_name_of_a_data_file_need_not_be_utf_8(path):
    file = KeptFile(path)
    file.change([ODD], ())
    file.change([REX], ())
    assert file.read() == ((ODD, REX), "")
    path.read_bytes().decode("utf-8")  # and the file itself is


def test_names_after_one_from_such_a_file_are_written_too(path, qapp):
    worker = KeptFileWorker(KeptFile(path))
    worker.change((ODD,), frozenset())
    assert worker.change((REX,), frozenset()) == ((ODD, REX), "")
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


def test_a_locked_file_times_out(path, monkeypatch):
    monkeypatch.setattr(kept_file, "_LOCK_MILLISECONDS", 10)
    lock = QLockFile(f"{path}.lock")
    assert lock.lock()
    with pytest.raises(TimeoutError) as refused:
        KeptFile(path).change([REX], ())
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
    path, qapp, tmp_path, put, reason, name
):
    path.write_text('{"version": 2, "names": []}')
    (tmp_path / name).unlink(missing_ok=True)
    put(tmp_path / name)
    worker = KeptFileWorker(KeptFile(path))
    for order in (worker.read, lambda: worker.change((REX,), frozenset())):
        with pytest.raises(RefusedError, match=reason):
            order()
    os.rmdir(tmp_path / name) if reason.endswith("folder") else os.unlink(tmp_path / name)
    assert worker.change((ODD,), frozenset()) == ((REX, ODD), "")

"""What is written by a command when there is no room for it, or it may not be written."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from engine.cli.main import main
from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.runs.run_file import NO_ROOM_SENTENCE, load_run
from engine.runs.saved_network import SavedNetwork, save_network

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its disks are made otherwise")


@pytest.fixture
def small_disk(tmp_path):
    """Return the folder of a disk of 64 kB; None where nobody may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not (sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount")):
        yield None
        return
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    yield None if made.returncode else folder
    if not made.returncode:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def full_folder(small_disk, tmp_path, monkeypatch):
    """Return a folder with no room for what is written, but for small files."""
    if small_disk is not None:
        return small_disk
    if not os.path.exists("/dev/full"):
        pytest.skip("no device that is always full")

    def open_full_disk(*_):
        return os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb")

    monkeypatch.setattr("engine.storage.files.open", open_full_disk, raising=False)
    return tmp_path / "disk"


@pytest.fixture
def closed_folder(small_disk, tmp_path):
    """Return a function that closes a folder with the old file for all writing."""

    def close():
        if small_disk is not None:
            subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
            return
        if os.geteuid() == 0:
            pytest.skip("permissions do not bind here, and no disk can be mounted")
        (tmp_path / "disk").chmod(0o500)

    yield close
    if small_disk is None:
        (tmp_path / "disk").chmod(0o700)


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """Return the content of a file that was there before: a small network."""
    path = tmp_path_factory.mktemp("old") / "old.npz"
    vocabulary = Vocabulary.from_names(["ab"])
    save_network(path, SavedNetwork(Parameters(Architecture(3, widths=(4,))), vocabulary))
    return path.read_bytes()


@pytest.fixture
def run(capsys):
    """Return a function that runs a command: its exit code, output and complaints."""

    def call(*arguments):
        code = main([str(word) for word in arguments])
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def commands(run, tmp_path):
    """Return, by name, what a command is given to write more than 64 kB; the place comes last."""
    names, model = tmp_path / "names.txt", tmp_path / "model.npz"
    random = np.random.default_rng(1)
    lines = ["".join(random.choice(list("abcde"), 6)) for _ in range(50)]
    names.write_text("\n".join(lines), encoding="utf-8")
    train = ("train", names, "--hidden", "100", "--steps", "3", "--save")
    assert run(*train, model)[0] == 0
    assert model.stat().st_size > 65_536
    return {
        "train": train,
        "resume": ("resume", model, "--steps", "3", "--save"),
        "sample": ("sample", model, "--count", "3000", "--format", "json", "--force", "--output"),
    }


@pytest.mark.parametrize("command", ["train", "resume", "sample"])
def test_a_full_disk_is_reported_and_the_old_file_stays(run, commands, full_folder, command, old):
    if command == "sample":
        old = b"old"
    place = full_folder / "file"
    place.write_bytes(old)
    code, _, complaints = run(*commands[command], place)
    assert code == 1
    assert complaints.splitlines()[-1] == f"“{place}” cannot be written, because the disk is full."
    assert [(entry.name, entry.read_bytes()) for entry in full_folder.iterdir()] == [("file", old)]


def test_a_run_is_saved_without_checkpoints_where_there_is_no_room_for_them(
    run, commands, small_disk
):
    if small_disk is None:
        pytest.skip("nobody may mount a disk here")
    _, names, *_ = commands["train"]
    place = small_disk / "run.npz"
    code, _, said = run("train", names, "--hidden", "8", "--steps", "270", "--save", place)
    assert code == 0
    assert NO_ROOM_SENTENCE in said.splitlines()
    saved = load_run(place)
    assert (saved.state.step, saved.checkpoints) == (270, ())
    code, _, said = run("sample", place, "--at", "200", "--count", "3")
    assert code == 0
    assert "This is the network of step 200." in said


@pytest.mark.parametrize("command", ["train", "resume", "sample"])
def test_a_read_only_folder_is_reported_at_once(
    run, commands, closed_folder, tmp_path, command, old
):
    place = tmp_path / "disk" / "file"
    place.write_bytes(old)
    closed_folder()
    option = "--output" if command == "sample" else "--save"
    code, output, complaints = run(*commands[command], place)
    assert (code, output) == (2, "")
    assert (
        complaints
        == f"{option}: “{place}” cannot be written, because there is no permission for it.\n"
    )
    assert [(entry.name, entry.read_bytes()) for entry in place.parent.iterdir()] == [("file", old)]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_output_is_reported(commands, root, tmp_path):
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "engine", "sample", tmp_path / "model.npz"],
            cwd=root,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    assert ended.stderr == "The output cannot be written, because the disk is full.\n"
    assert ended.returncode == 1

"""What a command refuses to overwrite, before the work; and what it says about bad input files."""

import os
import sys

import pytest

from engine.cli.main import main
from engine.runs.checkpoint import load_network

QUICK = ("--steps", "3", "--hidden", "4")

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")


@pytest.fixture
def run(capsys):
    """Return a function that runs a command: its exit code, output and complaints."""

    def run(*arguments):
        code = main(arguments)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def folder(tmp_path, monkeypatch, corpus, run):
    """Stand in a folder with names.txt and ok.npz, a run on them."""
    (tmp_path / "names.txt").write_text("\n".join(corpus.names), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("train", "names.txt", *QUICK, "--save", "ok.npz")[0] == 0
    return tmp_path


def contents(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir() if not each.is_fifo()}


@pytest.mark.parametrize(
    "words",
    [
        "train names.txt --save names.txt",
        "train names.txt --save ./names.txt",
        "resume ok.npz --data names.txt --save names.txt",
        "sample ok.npz --output ok.npz",
        "sample ok.npz --names names.txt --output names.txt",
    ],
)
def test_inputs_are_not_overwritten(folder, run, words):
    before = contents(folder)
    code, output, complaints = run(*words.split())
    *_, option, place = words.split()
    assert (code, output) == (2, "")
    assert complaints == (f"{option}: “{place}” is read by this command. Choose another file.\n")
    assert contents(folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
@pytest.mark.parametrize(
    "words", ["train names.txt --save link.txt", "train link.txt --save names.txt"]
)
def test_inputs_are_recognised_behind_a_link(folder, run, words):
    os.symlink("names.txt", "link.txt")
    before = contents(folder)
    code, _, complaints = run(*words.split())
    assert code == 2
    assert "is read by this command" in complaints
    assert contents(folder) == before


@pytest.mark.parametrize("content", [b"", b"P", b"my notes\n"])
@pytest.mark.parametrize("words", ["train names.txt --save", "resume ok.npz --save"])
def test_a_run_does_not_overwrite_a_file_of_another_kind(folder, run, words, content):
    (folder / "notes").write_bytes(content)
    before = contents(folder)
    code, output, complaints = run(*words.split(), "notes")
    assert (code, output) == (2, "")
    assert complaints == (
        "--save: “notes” is not a saved run, and is not overwritten. Choose another file.\n"
    )
    assert contents(folder) == before


def test_a_run_is_saved_over_itself_and_over_another(folder, run):
    assert run("resume", "ok.npz", "--steps", "2", "--save", "ok.npz")[0] == 0
    assert load_network("ok.npz").step == 5
    assert run("train", "names.txt", *QUICK, "--save", "ok.npz")[0] == 0
    assert load_network("ok.npz").step == 3


def test_names_overwrite_other_names(folder, run):
    (folder / "old.txt").write_text("old\n", encoding="utf-8")
    assert run("sample", "ok.npz", "--count", "2", "--output", "old.txt")[0] == 0
    assert len((folder / "old.txt").read_text(encoding="utf-8").splitlines()) == 2


@needs_pipes
@pytest.mark.parametrize(
    "words", ["train names.txt --save", "resume ok.npz --save", "sample ok.npz --output"]
)
def test_a_pipe_is_not_overwritten(folder, run, words):
    os.mkfifo("pipe")
    before = contents(folder)
    code, output, complaints = run(*words.split(), "pipe")
    assert (code, output) == (2, "")
    option = words.split()[-1]
    assert complaints == f"{option}: “pipe” cannot be written: it is not a regular file.\n"
    assert (folder / "pipe").is_fifo()
    assert contents(folder) == before


@needs_pipes
@pytest.mark.parametrize("command", ["train", "resume", "sample"])
def test_all_commands_say_the_same_about_a_path_that_is_not_a_file(folder, run, command):
    os.mkdir("folder.npz")
    os.mkfifo("pipe.npz")
    for place, message in (("folder.npz", "is a folder"), ("pipe.npz", "is not a regular file")):
        code, output, complaints = run(command, place)
        assert (code, output) == (1, "")
        assert complaints.startswith(f"“{place}” {message}. Choose ")


@pytest.mark.parametrize("content", [b"", b"my notes\n", b"PK\x03\x04 and no more"])
def test_a_file_without_a_network_is_refused_in_plain_words(folder, run, content):
    (folder / "bad.npz").write_bytes(content)
    for command in ("resume", "replay", "sample"):
        code, output, complaints = run(command, "bad.npz")
        assert (code, output) == (1, "")
        assert complaints == "“bad.npz” holds no network, or is damaged.\n"

"""What a command refuses to overwrite, before the work; and what it says about bad input files."""

import os
import re
import shutil
import sys

import numpy as np
import pytest

from engine.cli.main import main
from engine.runs.saved_network import load_network

QUICK = ("--steps", "3", "--hidden", "4")

READERS = ("resume {}", "replay {}", "sample {}", "write {}", "evaluate {} names.txt")
"""The commands that read a network or a run."""

ARCHIVE = b"PK\x05\x06" + bytes(18)
"""An archive of another kind: a zip file without entries."""

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


@pytest.mark.parametrize("content", [b"", b"P", b"my notes\n", ARCHIVE])
@pytest.mark.parametrize("words", ["train names.txt --save", "resume ok.npz --save"])
def test_a_run_does_not_overwrite_a_file_of_another_kind(folder, run, words, content):
    (folder / "notes").write_bytes(content)
    before = contents(folder)
    code, output, complaints = run(*words.split(), "notes")
    assert (code, output) == (2, "")
    assert complaints == (
        "--save: “notes” exists already and is not a saved run. Choose another file, or add "
        "--force to replace it.\n"
    )
    assert contents(folder) == before


def test_a_run_is_saved_over_itself_and_over_another(folder, run):
    assert run("resume", "ok.npz", "--steps", "2", "--save", "ok.npz")[0] == 0
    assert load_network("ok.npz").step == 5
    assert run("train", "names.txt", *QUICK, "--save", "ok.npz")[0] == 0
    assert load_network("ok.npz").step == 3


def test_a_run_overwrites_another_file_by_force(folder, run):
    for words in (("train", "names.txt", *QUICK), ("resume", "ok.npz", "--steps", "1")):
        (folder / "notes").write_text("my notes\n", encoding="utf-8")
        assert run(*words, "--save", "notes", "--force")[0] == 0
        assert load_network("notes").step >= 3


@pytest.mark.parametrize(
    "words", ["train names.txt --save", "resume ok.npz --data names.txt --save"]
)
def test_even_by_force_no_run_overwrites_the_data_that_it_reads(folder, run, words):
    before = contents(folder)
    code, _, complaints = run(*words.split(), "names.txt", "--force")
    assert (code, complaints) == (
        2,
        "--save: “names.txt” is read by this command. Choose another file.\n",
    )
    assert contents(folder) == before


def test_names_overwrite_a_list_only_by_force(folder, run):
    (folder / "mine.txt").write_text("mine\n", encoding="utf-8")
    before = contents(folder)
    command = ("sample", "ok.npz", "--count", "2", "--output", "mine.txt")
    assert run(*command) == (
        2,
        "",
        "--output: “mine.txt” exists already. Choose another file, or add --force to replace it.\n",
    )
    assert contents(folder) == before
    assert run(*command, "--force")[0] == 0
    assert len((folder / "mine.txt").read_text(encoding="utf-8").splitlines()) == 2


def test_names_never_overwrite_a_run(folder, run):
    shutil.copy("ok.npz", "other.npz")
    before = contents(folder)
    for more in ((), ("--force",)):
        code, output, complaints = run("sample", "ok.npz", "--output", "other.npz", *more)
        assert (code, output) == (2, "")
        assert complaints == (
            "--output: “other.npz” is a saved run. Names do not replace it. Choose another file.\n"
        )
    assert contents(folder) == before


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
    assert complaints == f"{option}: “pipe” cannot be written, because it is not a regular file.\n"
    assert (folder / "pipe").is_fifo()
    assert contents(folder) == before


@needs_pipes
@pytest.mark.parametrize("command", ["train", "resume", "sample"])
def test_all_commands_say_the_same_about_a_path_that_is_not_a_file(folder, run, command):
    os.mkdir("folder.npz")
    os.mkfifo("pipe.npz")
    of_folder = "has no files to read" if command == "train" else "is a folder"
    for place, message in (("folder.npz", of_folder), ("pipe.npz", "is not a regular file")):
        code, output, complaints = run(command, place)
        assert (code, output) == (1, "")
        assert complaints.startswith(f"“{place}” {message}. Choose ")


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"\xff\x00"])
def test_a_file_without_a_network_is_refused_in_plain_words(folder, run, content):
    (folder / "bad.npz").write_bytes(content)
    for command in READERS:
        code, output, complaints = run(*command.format("bad.npz").split())
        assert (code, output) == (1, "")
        assert complaints == (
            "“bad.npz” holds no network, or is damaged. Choose a file that DinoGUI has saved.\n"
        )


def test_an_empty_file_where_a_network_is_due_is_named(folder, run):
    (folder / "bad.npz").write_bytes(b"")
    for command in READERS:
        code, output, complaints = run(*command.format("bad.npz").split())
        assert (code, output) == (1, "")
        assert complaints == "“bad.npz” is empty. Choose a file that DinoGUI has saved.\n"


@pytest.mark.parametrize("command", READERS)
def test_a_list_of_names_where_a_network_is_due_is_named(folder, run, command):
    for content in ("anna\nbob\n", "é" * 4_095):  # the last one is cut within a character
        (folder / "list").write_bytes(content.encode())
        code, output, complaints = run(*command.format("list").split())
        assert (code, output) == (1, "")
        assert complaints == (
            "“list” holds no network. It is a text file. To train on it, use the command train.\n"
        )


def test_a_run_where_names_are_due_is_named(folder, run):
    code, output, complaints = run("train", "ok.npz")
    assert (code, output) == (1, "")
    assert complaints == (
        "“ok.npz” is a saved run, not a list of names. To continue it, use the command resume. To "
        "begin with its network, use train --init-from.\n"
    )


@pytest.mark.parametrize(
    "content",
    [b"PKgarbage", b"PK\x03\x04garbage\n\0\0", b"\0\xff" * 99, b""],
    ids=["two letters", "damaged archive", "other bytes", "empty"],
)
@pytest.mark.parametrize("command", ["train {}", "evaluate ok.npz {}"])
def test_a_damaged_run_where_names_are_due_is_named(folder, run, content, command):
    (folder / "damaged.npz").write_bytes(content)
    code, output, complaints = run(*command.format("damaged.npz").split())
    assert (code, output) == (1, "")
    assert complaints == (
        "“damaged.npz” holds no network, or is damaged, and is not a text. Choose a text file.\n"
    )


def test_a_whole_run_is_not_called_damaged_where_names_are_measured(folder, run):
    code, output, complaints = run("evaluate", "ok.npz", "ok.npz")
    assert (code, output) == (1, "")
    assert complaints == "“ok.npz” is a saved run, not a text. Choose a text file.\n"


def test_names_in_a_file_that_is_named_as_a_run_are_read(folder, run):
    (folder / "names.npz").write_bytes(b"anna\nbob\nclara\n")
    code, _, complaints = run("train", "names.npz", "--steps", "1")
    assert code == 0
    assert "“names.npz” is read as" in complaints


def test_a_damaged_document_is_not_taken_for_names(folder, run):
    (folder / "names.xlsx").write_bytes(b"PKgarbage")
    code, _, complaints = run("train", "names.xlsx")
    assert code == 1
    assert complaints == "“names.xlsx” is damaged. Get it again, or choose another file.\n"


def forge(name, value):
    """Replace the values of a name in the run's settings in ok.npz, and write bad.npz."""
    with np.load("ok.npz") as archive:
        entries = dict(archive)
    text, count = re.subn(
        rf'"{name}": [^,}}]+', f'"{name}": {value}', entries["run"].tobytes().decode()
    )
    assert count
    entries["run"] = np.frombuffer(text.encode(), np.uint8)
    with open("bad.npz", "wb") as file:
        np.savez(file, **entries)


@pytest.mark.parametrize("command", READERS)
def test_a_run_that_is_damaged_is_refused_by_every_command(folder, run, command):
    """A number with 400 digits in the run's settings: its parameters alone would be readable."""
    forge("decay", "9" * 400)
    code, output, complaints = run(*command.format("bad.npz").split())
    assert (code, output) == (1, "")
    assert complaints == "“bad.npz” is damaged: run holds a number of 400 digits.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", "2e20"),
        ("clip", "2e20"),
        ("l2", "1e9"),
        ("decay", "1e9"),
        ("dropout", "1.0"),
    ],
)
def test_hyperparameters_out_of_range_are_refused(folder, run, name, value):
    forge(name, value)
    code, _, complaints = run("sample", "bad.npz")
    assert code == 1
    assert complaints.startswith(f"“bad.npz” is damaged: {name} must be ")


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="no /proc")
def test_a_folder_that_takes_no_files_is_named(folder, run):
    for words in ("train names.txt --save", "sample ok.npz --output"):
        code, output, complaints = run(*words.split(), "/proc/x.npz")
        assert (code, output) == (2, "")
        option = words.split()[-1]
        assert complaints == (
            f"{option}: “/proc/x.npz” cannot be written, because no file can be made in that "
            "folder.\n"
        )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "train names.txt --init-from bad.npz",
            "--init-from cannot be used. “bad.npz” is damaged: decay must be ",
        ),
        (
            "sample ok.npz --names latin.txt",
            "--names cannot be used. “latin.txt” is not UTF-8 text: byte 1 ",
        ),
        ("resume ok.npz --data other.txt", "--data cannot be used. “other.txt” is not the run's "),
        ("sample ok.npz --names no.txt", "--names: There is no file “no.txt”."),
    ],
)
def test_no_sentence_has_two_colons(folder, run, words, said):
    forge("decay", "1e9")
    (folder / "latin.txt").write_bytes(b"r\xe9x\nlex\n")
    (folder / "other.txt").write_text("anna\nbob\n", encoding="utf-8")
    code, output, complaints = run(*words.split())
    assert (code, output) == (2, "")
    assert complaints.startswith(said)
    assert all(sentence.count(": ") <= 1 for sentence in complaints.split(". "))

"""Commands read several files, folders, archives and the standard input as one list or text."""

import io
import subprocess
import sys
import zipfile

import pytest

from engine.runs.run_file import load_run

QUICK = ("--hidden", 4, "--steps", 3)


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"Anna\nBob\n")
    (tmp_path / "b.txt").write_bytes(b"Clara\nBob\n")
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "c.txt").write_bytes(b"Dora\n")
    (folder / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    return tmp_path


@pytest.fixture
def trained(command, lists):
    """Return the file of a run on two files and a folder, without its data."""
    path = lists / "run.npz"
    words = (lists / "a.txt", lists / "b.txt", lists / "more")
    code, _, messages = command("train", *words, *QUICK, "--save", path)
    assert code == 0, messages
    return path


def test_train_reads_several_files_and_folders_as_one_list(command, lists):
    words = (lists / "a.txt", lists / "b.txt", lists / "more")
    code, _, messages = command("train", *words, *QUICK, "--save", lists / "run.npz", "--keep-data")
    assert code == 0
    assert "a.txt and 2 more: 5 names, 4 distinct" in messages
    assert "1 picture in “more” was left out: more/map.png." in messages
    assert load_run(lists / "run.npz").corpus.names == ("anna", "bob", "clara", "bob", "dora")


def test_train_reads_an_archive(command, lists):
    with zipfile.ZipFile(lists / "names.zip", "w") as archive:
        archive.writestr("x.txt", "Emil\nFred\n")
    code, _, messages = command("train", lists / "names.zip", *QUICK)
    assert code == 0
    assert "names.zip: 2 names" in messages


def test_several_texts_are_one_text(command, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("Shall I compare thee to a summer's day?" * 9)
    code, _, messages = command(
        *("train", "--text", tmp_path / "a.txt", tmp_path / "b.txt", *QUICK),
        *("--window", 10, "--preset", "long"),
    )
    assert code == 0, messages
    assert "a.txt and b.txt: 703 characters" in messages


def test_the_standard_input_is_read_and_kept_in_the_file(lists):
    path = lists / "run.npz"
    ended = subprocess.run(
        [sys.executable, "-m", "engine", "train", "-", *map(str, QUICK), "--save", path],
        input=b"Anna\nBob\nClara\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert b"standard input: 3 names" in ended.stderr
    assert load_run(path).corpus.names == ("anna", "bob", "clara")


def test_long_standard_input_is_kept_too(command, lists, monkeypatch):
    names = "".join(f"name{number:06}\n" for number in range(190_000)).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(names)))
    code, _, messages = command("train", "-", *QUICK, "--steps", 1, "--save", lists / "run.npz")
    assert code == 0, messages
    assert len(load_run(lists / "run.npz").corpus.names) == 190_000


@pytest.mark.parametrize(
    "rest",
    [("resume", "--steps", 2), ("replay",), ("compare",), ("sample", "--at", 2, "--count", 1)],
)
def test_the_data_of_a_saved_run_can_be_given_in_several_places(command, lists, trained, rest):
    words = (lists / "a.txt", lists / "b.txt", lists / "more")
    name, *options = rest
    runs = (trained, trained) if name == "compare" else (trained,)
    code, _, messages = command(name, *runs, *options, "--data", *words)
    assert code == 0, messages
    code, _, messages = command(name, *runs, *options, "--data", *words[:2])
    assert code != 0
    assert "--data" in messages


def test_evaluate_and_sample_read_several_places(command, lists, trained):
    words = (lists / "a.txt", lists / "b.txt", lists / "more")
    code, output, messages = command("evaluate", trained, *words)
    assert code == 0, messages
    assert "all distinct names" in output
    code, output, messages = command(
        *("sample", trained, "--count", 3, "--only-new", "--names", *words)
    )
    assert code == 0, messages
    assert not {"Anna", "Bob", "Clara", "Dora"} & set(output.split())


def test_race_reads_several_places_and_goes_on_with_the_folder_of_a_race(command, lists):
    code, _, messages = command(
        *("race", lists / "a.txt", lists / "more", "--hidden", 4, "--steps", 2),
        *("--lanes", "cell=rnn; cell=gru", "--save", lists / "race"),
    )
    assert code == 0, messages
    code, _, messages = command("race", lists / "race", "--steps", 1)
    assert code == 0, messages
    assert "Going on at step 2 with “a.txt and more”" in messages
    code, _, messages = command("race", lists / "more", lists / "a.txt", "--steps", 1)
    assert "1 picture in “more” was left out" in messages


@pytest.mark.parametrize("command_name", ["train", "evaluate", "race"])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(
    command, lists, trained, command_name
):
    (lists / "b.txt").write_bytes(b"Jos\xe9\nAnna\n")
    before = trained.read_bytes()
    words = (trained,) if command_name == "evaluate" else ()
    code, _, messages = command(command_name, *words, lists / "a.txt", lists / "b.txt")
    assert code == 1
    assert "b.txt" in messages
    assert trained.read_bytes() == before


def test_the_output_replaces_none_of_the_inputs(command, lists):
    code, _, messages = command(
        *("train", lists / "a.txt", lists / "b.txt", *QUICK, "--save", lists / "b.txt", "--force")
    )
    assert code == 2
    assert "is read by this command" in messages
    code, _, messages = command(
        *("train", lists / "more", *QUICK, "--save", lists / "more" / "c.txt", "--force")
    )
    assert code == 2
    assert "is read by this command" in messages


def test_an_empty_word_and_a_second_standard_input_are_refused(command, lists):
    assert command("train", lists / "a.txt", "")[2].endswith("“” is not the name of a file.\n")
    code, _, messages = command("train", "-", "-", *QUICK)
    assert (code, messages) == (
        2,
        "NAMES.txt: The standard input, “-”, can be read only once. Leave out the other.\n",
    )

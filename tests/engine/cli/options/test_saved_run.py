"""Networks of earlier moments of a run: ``--at STEP|best|last``."""

import re

import numpy as np
import pytest

from engine.runs.run_file import load_run

VERSE = "The rose is red, the sky is blue, and so are you.\n" * 40
TRAIN = ("--hidden", 6, "--batch", 40, "--optimizer", "adam", "--learning-rate", 0.03)


@pytest.fixture
def run_path(command, names_path, tmp_path):
    """Return the file of a run of 310 steps."""
    path = tmp_path / "run.npz"
    assert command("train", names_path, *TRAIN, "--steps", 310, "--save", path)[0] == 0
    return path


@pytest.fixture
def verse(command, tmp_path):
    """Return a text, and a function that trains on it and returns the run's file."""
    text = tmp_path / "verse.txt"
    text.write_text(VERSE, encoding="utf-8")

    def train(steps, *more):
        path = tmp_path / f"verse {steps}.npz"
        options = ("--streams", 4, "--length", 8, "--layers", 1, "--hidden", 6, *more)
        ended = command("train", text, "--text", *options, "--steps", steps, "--save", path)
        assert ended[0] == 0, ended[2]
        return path

    return text, train


def test_names_of_a_step_are_those_of_a_run_that_stopped_there(
    command, names_path, tmp_path, run_path
):
    stopped = tmp_path / "stopped.npz"
    assert command("train", names_path, *TRAIN, "--steps", 270, "--save", stopped)[0] == 0
    expected = command("sample", stopped, "--seed", 1)
    found = command("sample", run_path, "--at", 270, "--seed", 1)
    assert found[:2] == expected[:2]
    assert found[2] == "This is the network of step 270. The run has made 310 steps.\n"
    assert found[1] != command("sample", run_path, "--seed", 1)[1]
    measured = [command("evaluate", *words, names_path)[1] for words in ((stopped,),)]
    assert command("evaluate", run_path, "--at", 270, names_path)[1] == measured[0]


def test_text_of_a_step_is_that_of_a_run_that_stopped_there(command, verse):
    _, train = verse
    expected = command("write", train(20), "--seed", 3, "--length", 60)
    found = command("write", train(45), "--at", 20, "--seed", 3, "--length", 60)
    assert found[:2] == expected[:2]


def test_the_beginning_and_the_end_can_be_asked_for(command, run_path):
    latest = command("sample", run_path)
    assert command("sample", run_path, "--at", "last") == latest
    assert command("sample", run_path, "--at", 310)[:2] == latest[:2]
    first = command("sample", run_path, "--at", 0)
    assert first[0] == 0
    assert first[2] == "This is the network of step 0. The run has made 310 steps.\n"


def test_the_best_network_has_two_names(command, run_path, names_path):
    best = load_run(run_path).resume().best
    assert 0 < best.step < 310
    by_word = command("sample", run_path, "--at", "best")
    assert by_word == command("sample", run_path, "--best")
    assert by_word[1] == command("sample", run_path, "--at", best.step)[1]
    assert command("evaluate", run_path, "--at", "best", names_path)[2] == (
        f"This is the best network, that of step {best.step:,}. The run has made 310 steps.\n"
    )


def test_data_that_are_not_in_the_file_are_needed_for_a_step(command, verse, names_path, tmp_path):
    text, train = verse
    path = train(12)
    with np.load(path) as entries:
        kept = {name: entries[name] for name in entries if not name.startswith("data/")}
    is_inside, is_not = b'"is_inside": true', b'"is_inside": false'
    assert is_inside in kept["data"].tobytes()
    content = kept["data"].tobytes().replace(is_inside, is_not)
    kept["data"] = np.frombuffer(content, dtype=np.uint8)
    np.savez(path, **kept)
    words = ("write", path, "--at", 5, "--length", 20)
    code, output, message = command(*words)
    assert (code, output) == (1, "")
    assert message == (
        "The run's data, “verse.txt”, is not in its file. Choose that file as well.\n"
    )
    assert command(*words, "--data", text)[0] == 0
    code, _, message = command(*words, "--data", names_path)
    assert code == 2
    assert re.match(r"--data", message)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", 311), "--at: the run has made only 310 steps, got 311.\n"),
        (("--at", -1), r"--at: must be a number of steps up to [\d,]+, best or last, got “-1”\.\n"),
        (("--at", "then"), r"--at: must be .*, best or last, got “then”\.\n"),
        (("--at", 5, "--best"), "--best cannot be combined with --at.\n"),
    ],
)
def test_a_moment_that_the_run_does_not_have_is_refused(command, run_path, words, said):
    code, output, message = command("sample", run_path, *words)
    assert (code, output) == (2, "")
    assert re.fullmatch(said.replace("311.", "311\\."), message), message


def test_a_network_without_a_run_has_no_earlier_steps(command, run_path, tmp_path):
    with np.load(run_path) as entries:
        names = ("header", "symbols", "Wax", "Waa", "ba", "Wya", "by")
        np.savez(tmp_path / "network.npz", **{name: entries[name] for name in names})
    code, output, message = command("sample", tmp_path / "network.npz", "--at", 3)
    assert (code, output) == (1, "")
    assert "holds a network without a run" in message

"""What the network wrote during the training of the command line's runs, in their files."""

import json
import re

import pytest

from engine.cli.main import main
from engine.cli.options.saved_run import trainer_at
from engine.data.reading.casing import title_case
from engine.evaluation.told_names import ToldExample
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_log import log_extras, read_log
from engine.sampling.log_entries import log_entry
from engine.training.messages import KindsLogEntry, LogEntry


@pytest.fixture
def run(capsys):
    """Return a function that runs a command in here, and returns its output and messages."""

    def run(*arguments):
        assert main([str(word) for word in arguments]) == 0
        printed = capsys.readouterr()
        return printed.out, printed.err

    return run


@pytest.fixture
def train(run, names_path, tmp_path):
    """Return a function that trains for so many steps, and returns the file and the output."""

    def train(steps):
        path = tmp_path / f"{steps}.npz"
        output, _ = run("train", names_path, "--hidden", 4, "--steps", steps, "--save", path)
        return path, output

    return train


def log_in(path):
    return read_log(load_run(path).extras)


def printed(entries):
    """Return entries as the course prints them."""
    return [
        (entry.iteration, f"{entry.smoothed_loss:f}", [title_case(name) for name in entry.names])
        for entry in entries
    ]


def entries_of(output):
    """Return the entries that a command has printed."""
    pattern = r"Iteration: (\d+), Loss: (.*)\n\n((?:.*\n){7})\n\n"
    found = re.findall(pattern, output)
    return [(int(step), loss, names.splitlines()) for step, loss, names in found]


def test_the_log_is_what_was_printed(run, train):
    path, output = train(2_010)
    assert [entry.iteration for entry in log_in(path)] == [0, 2_000]
    assert printed(log_in(path)) == entries_of(output)
    more, _ = run("resume", path, "--steps", 2_000)
    assert printed(log_in(path)) == entries_of(output) + entries_of(more)
    assert log_in(path)[-1].iteration == 4_000


def test_a_run_that_goes_on_from_an_earlier_step_has_the_log_up_to_there(run, train, tmp_path):
    path, output = train(2_010)
    later = tmp_path / "later.npz"
    run("resume", path, "--at", 2_000, "--steps", 5, "--save", later)
    assert [entry.iteration for entry in log_in(later)] == [0, 2_000]
    run("resume", path, "--at", 40, "--steps", 5, "--save", later)
    assert printed(log_in(later)) == entries_of(output)[:1]


def test_a_text_has_a_sample_every_250_steps(run, tmp_path):
    path, text = tmp_path / "text.npz", tmp_path / "some.txt"
    text.write_text("To be, or not to be, that is the question. " * 60)
    run("train", text, "--text", "--hidden", 4, "--steps", 260, "--save", path)
    first, second = log_in(path)
    assert (first.step, second.step) == (1, 251)
    at = load_run(path)
    trainer = trainer_at(at, 251, at.data())
    assert log_entry(trainer) == second, "as the window logs it"
    run("resume", path, "--steps", 250)
    assert [entry.step for entry in log_in(path)] == [1, 251, 501]


def test_a_damaged_log_begins_anew_and_the_run_goes_on(run, train):
    path, _ = train(20)
    saved = load_run(path)
    save_run(path, saved.data(), saved.state, dict(saved.extras) | {"log": [[0, "high", []]]})
    _, said = run("resume", path, "--steps", 10)
    assert "The log in the file is damaged, and begins anew: log holds something that" in said
    assert log_in(path) == ()


def test_a_log_is_read_with_what_no_program_of_ours_writes():
    assert read_log({}) == ()
    assert read_log({"log": [[0, 1.5, ["rex", ""]]]}) == (LogEntry(0, 1.5, ("rex", "")),)
    for damaged in ([[0, 1, ["rex"]]], [[-1, 1.0, []]], [[0, 1.0]], {"0": 1.0}, [[0, 1.0, [5]]]):
        with pytest.raises(ValueError, match=r"^log "):
            read_log({"log": damaged})


def test_kinds_stand_beside_names_and_may_be_absent():
    entries = (LogEntry(0, 1.5, ("anna", "rex"), ("Saurian", "Old Bird")), LogEntry(5, 1.0, ("x",)))
    extras = log_extras(entries)
    assert extras["log"][1] == [5, 1.0, ["x"]], "as it was before there were kinds"
    assert read_log(extras) == entries


@pytest.mark.parametrize(
    "kinds", [["a"], "ab", ["a", 3], ["a", chr(0xD800)], None, ["a", "b", "c"]], ids=repr
)
def test_kinds_that_do_not_fit_the_names_are_refused(kinds):
    with pytest.raises(ValueError, match="a kind for each name, or none"):
        read_log({"log": [[0, 1.5, ["anna", "rex"], kinds]]})


def test_a_text_has_no_kinds():
    with pytest.raises(ValueError, match="log"):
        read_log({"log": [[0, 1.5, "some text", ["a"]]]})


def test_what_was_told_is_kept():
    told = (
        ToldExample("boris", "Greek", "Norse", 0.75),
        ToldExample("moran", "Irish", "Irish", 1.0),
    )
    log = (KindsLogEntry(2001, 0.5, 0.8, told), KindsLogEntry(4001, 0.4, None, ()))
    assert read_log(json.loads(json.dumps(log_extras(log)))) == log


@pytest.mark.parametrize(
    "written",
    [
        {"accuracy": 1.5, "told": []},
        {"accuracy": 0.5, "told": [["boris", "Greek", "Norse"]]},
        {"accuracy": 0.5, "told": [["boris", "Greek", 3, 0.5]]},
        {"accuracy": 0.5, "told": [["boris", "Greek", "Norse", "0.5"]]},
        {"accuracy": 0.5},
        {"told": 3},
    ],
)
def test_damaged_entries_of_what_was_told_are_refused(written):
    with pytest.raises(ValueError, match="kinds has an accuracy and names"):
        read_log({"log": [[2001, 0.5, written]]})

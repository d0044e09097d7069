"""Races and comparisons of runs with kinds on the command line."""

import re

import pytest

from engine.runs.run_file import load_run

SORTED = ("Old Bird", "Raptor", "Saurian")
SMALL = ("--batch", 8, "--hidden", 12, "--cell", "rnn", "--steps", 30)


def test_lanes_write_names_of_all_kinds(command, kinds, tmp_path):
    folder = tmp_path / "race"
    lanes = ("--lanes", "balance=0; balance=1", *SMALL, "--save", folder)
    code, out, said = command("race", kinds, "--kinds", *lanes)
    assert code == 0, said
    names = out.partition("Names from the same random numbers:")[2].split("\n\n")[1].splitlines()
    assert re.split(r"\s{2,}", names[0]) == ["balance 0", "balance 1", "kind"]
    assert len(names) == 9
    assert {re.split(r"\s{2,}", line)[2] for line in names[1:]} == set(SORTED)
    assert "new names of 1,000" in out
    assert command("replay", folder)[0] == 0
    assert command("race", folder, "--steps", 5)[0] == 0


def test_one_direction_races_against_two(command, kinds, tmp_path):
    folder = tmp_path / "race"
    options = ("--task", "tell", "--lanes", "directions", *SMALL, "--save", folder)
    code, out, said = command("race", kinds, "--kinds", *options)
    assert code == 0, said
    assert "one direction" in said
    assert "both directions" in said
    assert "nats per name." in out
    assert "Names from" not in out
    assert re.search(r"accuracy then +[\d.]+% +[\d.]+%", out)
    assert re.search(r"both directions +no +yes", out)
    runs = sorted(folder.glob("*.npz"))
    counts = [load_run(run).network.parameters.flat.size for run in runs]
    assert abs(counts[0] - counts[1]) < 0.15 * max(counts)
    assert command("replay", folder)[0] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kinds", "--lanes", "directions"), "for networks that tell kinds"),
        (("--kinds", "--lanes", "task=tell; task=write"), "which must be the same in all lanes"),
        (("--kinds", "--lanes", "both_directions=yes; cell=gru"), "both_directions needs the task"),
        (("--kinds", "--lanes", "balance=2; balance=1"), "balance must lie between 0 and 1"),
        (
            ("--kinds", "--task", "tell", "--lanes", "both_directions=maybe; cell=gru"),
            "both_directions must be yes or no, got “maybe”",
        ),
        (("--task", "tell"), "--task needs --kinds or --kind-column."),
    ],
)
def test_lanes_that_cannot_race_are_refused(command, kinds, options, said):
    code, out, found = command("race", kinds, *options, "--steps", 2)
    assert (code, out) == (2, "")
    assert said in found


def test_lanes_by_hand_may_set_what_is_about_kinds(command, kinds):
    lanes = "both-directions=no, balance=0.5; both_directions=yes"
    code, _, said = command("race", kinds, "--kinds", "--task", "tell", "--lanes", lanes, *SMALL)
    assert code == 0, said
    assert "one direction, balance 0.5" in said
    assert "both directions, balance 0" in said


@pytest.mark.parametrize("run", ["writer", "teller"])
def test_runs_are_compared(command, request, kinds, tmp_path, run):
    path, other = request.getfixturevalue(run), tmp_path / "other.npz"
    assert command("resume", path, "--steps", 5, "--save", other, "--learning-rate", 0.5)[0] == 0
    code, out, said = command("compare", path, other)
    assert code == 0, said
    assert ("accuracy then" in out) == (run == "teller")
    assert ("new names of 1,000" in out) == (run == "writer")


def test_runs_of_two_tasks_are_not_measured_alike(command, writer, teller):
    code, out, said = command("compare", writer, teller)
    assert code == 0, said
    assert "task" in out
    assert "cannot be compared with each other" in out

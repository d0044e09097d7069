"""Options of ``train``: how many earlier states the run's file keeps, and counts as weights."""

import numpy as np
import pytest

from engine.cli.main import main
from engine.runs.reach import reach
from engine.runs.run_file import load_run


@pytest.fixture(scope="module")
def train(tmp_path_factory, corpus):
    """Return a function that trains for 1,200 steps, and returns what is in the run's file."""
    folder = tmp_path_factory.mktemp("runs")
    names = folder / "names.txt"
    names.write_text("\n".join(corpus.names), encoding="utf-8")

    def train(*options):
        path = folder / f"run{len(list(folder.iterdir()))}.npz"
        words = "train", names, "--hidden", 4, "--steps", 1_200, "--save", path, *options
        assert main([str(word) for word in words]) == 0
        return load_run(path)

    return train


@pytest.fixture(scope="module")
def whole(train):
    """Return what is in the file of a run with all states."""
    return train()


def test_as_many_as_there_is_room_for_are_kept(whole):
    assert [each.step for each in whole.checkpoints] == [0, 250, 500, 750, 1_000]


@pytest.mark.parametrize(("count", "kept"), [(0, []), (1, [0]), (3, [0, 500, 1_000])])
def test_no_more_are_kept_than_asked_for_and_every_step_is_still_reached(train, whole, count, kept):
    saved = train("--checkpoints", count)
    assert [each.step for each in saved.checkpoints] == kept
    assert saved.network.parameters.flat.tobytes() == whole.network.parameters.flat.tobytes()
    found, expected = (reach(each.history, each.data(), 610).trainer for each in (saved, whole))
    np.testing.assert_array_equal(found.parameters.flat, expected.parameters.flat)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--checkpoints", 3), "--checkpoints needs --save.\n"),
        (
            ("--checkpoints", -1, "--save", "run.npz"),
            "--checkpoints: “-1” is not a whole number from 0 to 100000.\n",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_before_the_data_are_read(command, options, said):
    assert command("train", "nothing.txt", *options) == (2, "", said)


def test_counts_as_weights_serve_every_command(command, tmp_path):
    table, run = tmp_path / "people.csv", tmp_path / "run.npz"
    table.write_text("name,count\nAnna,900\nBob,90\nClara,9\nDora,3\nEmil,1\nAnna,100\n")
    as_weights = ("--weights", "count", "--weight-cap", 500)
    small = ("--hidden", 4, "--held-out", 0.2)
    code, _, messages = command("train", table, *as_weights, *small, "--steps", 9, "--save", run)
    assert code == 0
    assert "The counts of column 2, “count”, are weights" in messages
    assert "Counts above 500 are taken as 500." in messages
    assert "The counts are weights: 1 to 500, 603 in all." in messages
    assert load_run(run).corpus.weights == (500, 90, 9, 3, 1)
    code, _, messages = command("resume", run, "--data", table, "--steps", 8, "--save", run)
    assert code == 0, messages
    code, output, _ = command("replay", run)
    assert code == 0
    assert "the same to the bit" in output
    found = [command("evaluate", run, table, *options)[1] for options in ((), as_weights)]
    lines = ([line.rsplit(maxsplit=1) for line in each.splitlines()] for each in found)
    plain, weighted = map(dict, lines)
    changed = {title.split(",")[0] for title, loss in plain.items() if weighted[title] != loss}
    assert changed
    assert changed <= {f"{order}-gram" for order in range(1, 6)}, "the network's loss is the same"

"""How many earlier states of a run its file keeps: ``train --checkpoints``."""

import numpy as np
import pytest

from engine.runs.reach import reach
from engine.runs.run_file import load_run


@pytest.fixture
def train(command, names_path, tmp_path):
    """Return a function that trains for 1,200 steps, and returns what is in the run's file."""

    def train(*options):
        path = tmp_path / "run.npz"
        ended = command(
            *("train", names_path, "--hidden", 4, "--steps", 1_200, "--save", path), *options
        )
        assert ended[0] == 0, ended[2]
        return load_run(path)

    return train


def test_as_many_as_there_is_room_for_are_kept(train):
    assert [each.step for each in train().checkpoints] == [0, 250, 500, 750, 1_000]


@pytest.mark.parametrize(("count", "kept"), [(0, []), (1, [0]), (3, [0, 500, 1_000])])
def test_no_more_are_kept_than_asked_for_and_every_step_is_still_reached(train, count, kept):
    saved, whole = train("--checkpoints", count), train()
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

"""A race in its folder: whole or not at all, and opened as if it had never been saved."""

import json
import os

import numpy as np
import pytest

from engine.racing import race_folder
from engine.racing.race import RacePlan
from engine.racing.race_folder import (
    holds_other_files,
    is_race_folder,
    open_lanes,
    open_race,
    save_race,
)
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.storage.archive import CheckpointError

TEXT = "cell=rnn; cell=gru, optimizer=adam"


@pytest.fixture
def saved(make_race, finish, tmp_path):
    """Return the folder of a race after 30 steps."""
    folder = tmp_path / "race"
    save_race(folder, finish(make_race(TEXT, steps=30)))
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def change(folder, edit):
    """Change the content of race.json."""
    path = folder / "race.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_race_that_was_saved_goes_on_to_the_bit(saved, make_race, finish):
    assert sorted(os.listdir(saved)) == ["1-rnn-5-sgd.npz", "2-gru-5-adam.npz", "race.json"]
    assert is_race_folder(saved)
    opened, whole = open_race(saved), finish(make_race(TEXT, steps=300))
    assert opened.plan == RacePlan(steps=30)
    assert [lane.trainer.step for lane in opened.lanes] == [30, 30]
    assert all(lane.seconds > 0 for lane in opened.lanes)
    assert [[entry.steps_made for entry in lane.log] for lane in opened.lanes] == [[1], [1]]
    opened.plan = RacePlan(steps=300)
    finish(opened)
    for one, other in zip(opened.lanes, whole.lanes, strict=True):
        assert one.lane == other.lane
        assert one.log == other.log
        assert one.trainer.parameters.flat.tobytes() == other.trainer.parameters.flat.tobytes()
        np.testing.assert_array_equal(one.curve.smoothed[:, ::2], other.curve.smoothed[:, ::2])
        np.testing.assert_array_equal(one.curve.held_out[:, ::2], other.curve.held_out[:, ::2])
        steps = [[each.step for each in lane.trainer.checkpoints] for lane in (one, other)]
        assert steps[0] == steps[1] == [0, 250]


def test_each_lane_is_a_run_that_replays(saved):
    for title, run in open_lanes(saved):
        result = replay(run.record, run.corpus, run.network.parameters, run.state.step)
        assert result.summary().endswith("the same to the bit."), title


def test_a_race_is_replaced_as_a_whole_and_other_files_stay(saved):
    (saved / "notes.txt").write_text("mine", encoding="utf-8")
    race = open_race(saved)
    save_race(saved, race)
    names = sorted(os.listdir(saved))
    assert names == ["1-rnn-5-sgd.2.npz", "2-gru-5-adam.2.npz", "notes.txt", "race.json"]
    save_race(saved, open_race(saved))
    names = sorted(os.listdir(saved))
    assert names == ["1-rnn-5-sgd.npz", "2-gru-5-adam.npz", "notes.txt", "race.json"]


@pytest.mark.parametrize("failing", ["2-gru-5-adam.2.npz", "race.json"])
def test_a_disk_that_is_full_leaves_the_race_as_it_was(saved, finish, monkeypatch, failing):
    before = contents(saved)
    race = open_race(saved)
    race.plan = RacePlan(steps=40)
    finish(race)
    for name in ("save_run", "atomic_writer"):
        whole = getattr(race_folder, name)

        def write(path, *rest, whole=whole, **more):
            if path.name == failing:
                raise OSError(28, "No space left on device", str(path))
            return whole(path, *rest, **more)

        monkeypatch.setattr(race_folder, name, write)
    with pytest.raises(OSError, match="No space"):
        save_race(saved, race)
    assert contents(saved) == before
    assert open_race(saved).step == 30


def test_a_new_folder_in_which_nothing_could_be_written_is_taken_away(
    make_race, monkeypatch, tmp_path
):
    def fail(*rest, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(race_folder, "save_run", fail)
    with pytest.raises(OSError, match="No space"):
        save_race(tmp_path / "race", make_race())
    assert not (tmp_path / "race").exists()


def test_a_lane_that_has_diverged_stays_so(make_race, finish, tmp_path):
    race = finish(make_race("learning_rate=0.01; learning_rate=1e15", steps=20))
    save_race(tmp_path / "race", race)
    opened = open_race(tmp_path / "race")
    assert [lane.has_diverged for lane in opened.lanes] == [False, True]
    assert opened.is_over


def test_data_that_are_not_in_the_folder_must_be_given(
    make_race, finish, tmp_path, corpus, lengths_corpus
):
    save_race(tmp_path / "race", finish(make_race(steps=5)), with_data=False)
    with pytest.raises(CheckpointError, match="is not in its file"):
        open_race(tmp_path / "race")
    with pytest.raises(CheckpointError, match="is not the run's data"):
        open_race(tmp_path / "race", lengths_corpus)
    opened = open_race(tmp_path / "race", corpus)
    assert all(lane.trainer.corpus is corpus for lane in opened.lanes)


DAMAGES = {
    "no list": (lambda content: content.update(lanes=3), "lanes must be a list of 2 to 6, got 3."),
    "one lane": (lambda content: content["lanes"].pop(), "lanes must be a list of 2 to 6"),
    "no object": (lambda content: content.update(lanes=[1, 2]), "A lane must be an object, got 1."),
    "no title": (lambda content: content["lanes"][0].pop("title"), "title is missing."),
    "path": (
        lambda content: content["lanes"][0].update(file="../1-rnn-5-sgd.npz"),
        "file must be the name of a file in the folder, got '../1-rnn-5-sgd.npz'.",
    ),
    "step": (
        lambda content: content["lanes"][1].update(step=29),
        "“2-gru-5-adam.npz” is not the run that its lane had when the race was saved.",
    ),
    "data": (lambda content: content.update(data="0"), "is not the run that its lane had"),
    "plan": (lambda content: content.update(plan={"pace": "miles"}), "pace must be one of"),
    "twice": (
        lambda content: content["lanes"][1].update(file="1-rnn-5-sgd.npz"),
        "Lanes 1 and 2 are the same.",
    ),
    "format": (lambda content: content.update(format="x"), "race.json was not written by DinoGUI."),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_said_in_a_sentence(saved, damage):
    edit, said = DAMAGES[damage]
    change(saved, edit)
    with pytest.raises(CheckpointError) as refused:
        open_race(saved)
    assert str(refused.value).startswith(f"The race in “{saved}” is damaged: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "race.json is not JSON."),
        (b"[" * 90_000, "race.json is not JSON."),
        (b"\xff", "race.json is not JSON."),
        (b" " * 100_001, "race.json is too large."),
        (b"[]", "race.json was not written by DinoGUI."),
    ],
)
def test_what_is_no_race_json_is_said_to_be_none(saved, content, said):
    (saved / "race.json").write_bytes(content)
    with pytest.raises(CheckpointError, match=said):
        open_race(saved)


def test_a_race_of_a_later_version_says_so(saved):
    change(saved, lambda content: content.update(version=2))
    with pytest.raises(CheckpointError, match=r"by a later version of DinoGUI \(version 2 "):
        open_race(saved)


def test_a_curve_that_is_damaged_is_named(saved):
    path = saved / "1-rnn-5-sgd.npz"
    run = load_run(path)
    extras = dict(run.extras) | {"race.smoothed": np.zeros((2, 2))}
    save_run(path, run.corpus, run.state, extras)
    with pytest.raises(CheckpointError, match="is damaged: smoothed must be"):
        open_race(saved)


def test_a_log_that_is_damaged_is_named(saved):
    path = saved / "1-rnn-5-sgd.npz"
    run = load_run(path)
    save_run(path, run.corpus, run.state, dict(run.extras) | {"log": [["no step"]]})
    with pytest.raises(CheckpointError, match=r"The race in “.*” is damaged: .*log"):
        open_race(saved)


def test_a_run_that_is_missing_or_damaged_is_named(saved):
    (saved / "1-rnn-5-sgd.npz").write_bytes(b"PK")
    with pytest.raises(CheckpointError, match=r"1-rnn-5-sgd\.npz"):
        open_race(saved)
    (saved / "1-rnn-5-sgd.npz").unlink()
    with pytest.raises(CheckpointError, match=r"There is no file “.*1-rnn-5-sgd\.npz”"):
        open_race(saved)


def test_a_folder_without_a_race_says_so(tmp_path):
    with pytest.raises(CheckpointError, match="There is no folder"):
        open_race(tmp_path / "none")
    with pytest.raises(CheckpointError, match=r"holds no race, because it has no race\.json"):
        open_race(tmp_path)
    assert not is_race_folder(tmp_path)


def test_titles_become_names_of_files_whatever_they_hold(make_race, tmp_path):
    race = make_race("learning_rate=1e-5 clip=off; hidden=4,4")
    save_race(tmp_path / "race", race)
    assert sorted(os.listdir(tmp_path / "race")) == [
        "1-5-units-rate-1e-05-no-clipping.npz",
        "2-4-4-units-rate-0.01-clip-5.npz",
        "race.json",
    ]


def test_each_lane_can_hold_more(make_race, finish, tmp_path):
    extras = [{"curve.last_step": 7}, {"curve.last_step": 8}]
    save_race(tmp_path / "race", finish(make_race(TEXT, steps=5)), extras=extras)
    found = [run.extras["curve.last_step"] for _, run in open_lanes(tmp_path / "race")]
    assert found == [7, 8]


def test_a_folder_with_other_files_is_no_place_for_a_race(saved, tmp_path):
    assert not holds_other_files(saved)
    assert not holds_other_files(tmp_path / "absent")
    (tmp_path / "empty").mkdir()
    assert not holds_other_files(tmp_path / "empty")
    assert holds_other_files(tmp_path), "the folder of the race is in it"
    assert holds_other_files(saved / "race.json")

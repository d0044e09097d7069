"""What the window stores in the file of a run."""

import shutil

import pytest

from dinogui.common.kept_name import KeptName
from dinogui.common.preferences import Preferences
from dinogui.common.sampling_messages import Measurement
from dinogui.library.view_state import MAX_STARRED, ViewState
from engine.evaluation.units import Unit
from engine.runs.saved_log import MAX_EXCERPT
from engine.sampling.known_names import NoveltyCounts
from engine.training.messages import LogEntry, TextLogEntry
from engine.training.ranges import MAX_SEED, MAX_STEPS


def test_a_stored_state_is_restored():
    state = ViewState(
        Unit.PERPLEXITY,
        (LogEntry(0, 1.5, ("anna",)), TextLogEntry(2000, 1.25, "Rose")),
        (Measurement(10, NoveltyCounts(3, 2, 1), 0.0),),
        (),
        7,
        ((0, "too fast"), (3, "better")),
    )
    assert ViewState.from_json(state.to_json()) == state


def test_missing_entries_are_empty():
    assert ViewState.from_json({}) == ViewState()


@pytest.mark.parametrize(
    ("name", "value"),
    [("NATS_A_NAME", "nats per name"), ("NATS_A_CHARACTER", "nats per character")],
)
def test_the_unit_of_an_earlier_version_is_read(name, value):
    assert ViewState.from_json({"unit": name}).unit is Unit(value)


@pytest.mark.parametrize("name", ["furlongs", 3, []])
def test_another_unit_is_refused(name):
    with pytest.raises(ValueError, match="unit must be one of"):
        ViewState.from_json({"unit": name})


STAR = {
    "name": "rex",
    "data": "dinosaurs.txt",
    "model": "RNN 50",
    "step": 10,
    "nats_per_character": 1.5,
    "seed": 3,
    "temperature": 0.5,
}
LONG = "x" * 5_000_000
SURROGATE = chr(0xD800)


def shortened(value):
    return repr(value).encode("ascii", "backslashreplace").decode()[:30]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "ab" + SURROGATE),
        ("name", LONG),
        ("name", ""),
        ("data", LONG),
        ("data", 3),
        ("model", SURROGATE),
        ("model", LONG),
        ("step", -1),
        ("step", MAX_STEPS + 1),
        ("step", 1.5),
        ("step", True),
        ("nats_per_character", float("inf")),
        ("nats_per_character", 10**400),
        ("seed", MAX_SEED + 1),
        ("seed", -1),
        ("temperature", float("nan")),
        ("temperature", -0.5),
        ("temperature", 10**400),
    ],
    ids=shortened,
)
def test_a_kept_name_with_a_value_out_of_range_is_refused(field, value):
    with pytest.raises(ValueError, match="starred holds something that DinoGUI does not write"):
        ViewState.from_json({"starred": [STAR | {field: value}]})


def test_a_kept_name_at_the_ends_of_the_ranges_is_read():
    data = "caf" + chr(0xDCE9) + ".txt"  # as Python reads a name that is not UTF-8
    edge = STAR | {"data": data, "step": MAX_STEPS, "seed": MAX_SEED, "temperature": 0}
    assert ViewState.from_json({"starred": [edge]}).starred == (KeptName(**edge),)


def test_100_000_kept_names_are_refused_and_never_written():
    with pytest.raises(ValueError, match=r"there are 100,000 names, more than 10,000"):
        ViewState.from_json({"starred": [STAR] * 100_000})
    many = tuple(KeptName(**STAR | {"name": f"rex{i}"}) for i in range(MAX_STARRED + 5))
    written = ViewState(starred=many).to_json()
    assert ViewState.from_json(written).starred == many[5:]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log", [[MAX_STEPS + 1, 1.0, ["rex"]]]),
        ("log", [[2**53, 1.0, "Rose"]]),
        ("log", [[1, 1.0, [SURROGATE]]]),
        ("log", [[1, 1.0, [LONG]]]),
        ("log", [[1, 1.0, ["rex"] * 1_000]]),
        ("log", [[1, 1.0, "x" * (MAX_EXCERPT + 1)]]),
        ("log", [[1, 1.0, SURROGATE]]),
        ("meter", [[MAX_STEPS + 1, 1, 1, 1]]),
        ("meter", [[1, 10**400, 1, 1]]),
        ("last_seed", MAX_SEED + 1),
        ("last_seed", 10**400),
        ("unit", LONG),
    ],
    ids=shortened,
)
def test_values_out_of_range_are_refused_in_few_words(name, value):
    with pytest.raises(ValueError, match=name) as caught:
        ViewState.from_json({name: value})
    assert len(str(caught.value)) < 300


def test_the_cases_are_refused_and_nothing_is_remembered(window, qtbot, tmp_path, shared_file):
    for case in ["star_surr.npz", "hseed4000.npz", "decay_huge.npz", "replay_endless.npz"]:
        path = shutil.copy(shared_file(f"cases/{case}"), tmp_path)
        run, last = window.session.run, Preferences().last_file
        with qtbot.waitSignal(window.library.saving.refused) as refused:
            window.open_file(str(path))
        assert refused.args[0].endswith(".")
        assert window.session.run is run
        assert Preferences().last_file == last
        assert str(path) not in Preferences().recent

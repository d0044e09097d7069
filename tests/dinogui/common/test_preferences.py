"""The settings file: values are read back, and a damaged file gives the defaults."""

import json
import random
from dataclasses import asdict
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QSettings

from dinogui.common.preferences import MAX_RECENT, Closing, Preferences
from dinogui.common.run_plan import RunPlan
from engine.evaluation.units import Unit
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings, default_hyperparameters


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.ini"


def opened(path):
    return Preferences(QSettings(str(path), QSettings.Format.IniFormat))


def read_all(preferences):
    """Read all preferences."""
    return (
        preferences.closing,
        preferences.recent,
        preferences.last_file,
        preferences.run,
        bytes(preferences.blob("window/geometry").data()),
        preferences.sizes("sizes/columns", 3),
        preferences.flag("lower_case", True),
        preferences.unit,
    )


DEFAULTS = (Closing.ASK, [], None, None, b"", None, True, Unit.NATS_PER_NAME)


def test_preferences_are_read_back_from_the_file(path):
    run = RunPlan(
        DEFAULT,
        Hyperparameters(learning_rate=0.003, clip=None, widths=(64, 32), optimizer="adam", batch=8),
        RunSettings(cell="gru", embedding=5, dtype="float32", held_out=0.25, seed=7),
    )
    written = opened(path)
    written.closing = Closing.SAVE
    written.note_recent("/a/b, c=“d”.txt")
    written.last_file = "/a/\udcff;\n%1.txt"
    written.run = run
    written.set_blob("window/geometry", QByteArray(bytes(range(256))))
    written.set_sizes("sizes/columns", [300, 500, 300])
    written.set_flag("lower_case", False)
    written.unit = Unit.BITS_PER_CHARACTER
    written.write_to_disk()
    assert read_all(opened(path)) == (
        Closing.SAVE,
        ["/a/b, c=“d”.txt"],
        "/a/\udcff;\n%1.txt",
        run,
        bytes(range(256)),
        [300, 500, 300],
        False,
        Unit.BITS_PER_CHARACTER,
    )


def test_runs_that_were_to_be_discarded_at_closing_are_kept(path):
    path.write_text("[General]\nclosing=DISCARD\n")
    assert opened(path).closing is Closing.KEEP


def test_a_missing_file_gives_the_defaults(path):
    assert read_all(opened(path)) == DEFAULTS


def test_forgetting_also_clears_the_file(path):
    written = opened(path)
    written.closing = Closing.SAVE
    written.write_to_disk()
    opened(path).forget()
    assert read_all(opened(path)) == DEFAULTS


def test_recent_commands_are_limited_and_read_back(path):
    written = opened(path)
    written.recent_commands = ["zoom_in", *(f"panel/{number}" for number in range(20))]
    written.write_to_disk()
    again = opened(path)
    assert again.recent_commands[:2] == ["zoom_in", "panel/0"]
    assert len(again.recent_commands) == MAX_RECENT
    for damaged in ("{", "3", '["a", 1, "", "a"]'):
        again.set_text("commands/recent", damaged)
        assert again.recent_commands in ([], ["a"])


def test_recent_files_are_limited_unique_and_latest_first(path):
    preferences = opened(path)
    for number in range(12):
        preferences.note_recent(f"/{number}.txt")
    preferences.note_recent("/7.txt")
    assert preferences.recent[:3] == ["/7.txt", "/11.txt", "/10.txt"]
    assert len(preferences.recent) == MAX_RECENT == 8
    preferences.drop_recent("/11.txt")
    assert preferences.recent[:2] == ["/7.txt", "/10.txt"]


@pytest.mark.parametrize("seed", range(12))
def test_a_binary_file_gives_the_defaults(path, seed):
    path.write_bytes(random.Random(seed).randbytes(20_000))
    assert read_all(opened(path)) == DEFAULTS


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_gives_its_valid_values_and_no_error(path, seed):
    written = opened(path)
    written.run = RunPlan(NOTEBOOK, Hyperparameters(), RunSettings())
    written.note_recent("/a.txt")
    written.set_sizes("sizes/columns", [300, 500, 300])
    written.write_to_disk()
    whole = path.read_bytes()
    streams = random.Random(seed)
    for _ in range(40):
        spoilt = bytearray(whole)
        for _ in range(streams.choice([1, 5, 50])):
            spoilt[streams.randrange(len(spoilt))] = streams.randrange(256)
        path.write_bytes(spoilt[: streams.randrange(len(spoilt))])
        closing, recent, last, run, *_ = read_all(opened(path))
        assert isinstance(closing, Closing)
        assert all(isinstance(each, str) for each in recent)
        assert last is None
        assert run is None or isinstance(run.hyperparameters, Hyperparameters)


SPOILT_VALUES = [
    "@Invalid()",
    "@Variant(\\0\\0\\0\\x7f\\xff\\xff\\xff\\xff)",
    "@Rect(1 2 3 4)",
    "@ByteArray(\\x0\\x1)",
    "1, 2, 3",
    "true",
    "17",
    '"null"',
    '"[1, 2"',
    '"[[[]], {}, 3]"',
    '"[-5, 1e99, 4]"',
    '"{}"',
    '"' + "[" * 50_000 + '"',
]


@pytest.mark.parametrize("value", SPOILT_VALUES)
def test_values_of_the_wrong_type_give_the_defaults(path, value):
    path.write_text(
        f"[General]\nclosing={value}\nrun={value}\nlower_case={value}\nunit={value}\n"
        f"[files]\nrecent={value}\nlast={value}\n[sizes]\ncolumns={value}\n"
        f"[window]\ngeometry={value}\n",
        encoding="utf-8",
    )
    # Some of these are valid base64; Qt refuses the decoded bytes, as checked below.
    found = list(read_all(opened(path)))
    found[4] = b""
    assert tuple(found) == DEFAULTS


@pytest.mark.parametrize("recipe", [DEFAULT, NOTEBOOK], ids=lambda recipe: recipe.name)
def test_the_default_of_earlier_versions_gets_the_present_decay(recipe):
    """Their plans have no schedule. A plan of somebody's own stays as it is."""
    values = RunPlan(recipe, Hyperparameters(), RunSettings()).to_json()
    del values["hyperparameters"]["schedule"]
    assert RunPlan.from_json(values).hyperparameters == default_hyperparameters(recipe)
    values["hyperparameters"]["learning_rate"] = 0.02
    assert RunPlan.from_json(values).hyperparameters == Hyperparameters(0.02)


def spoilt_run(part, **changes):
    parts: dict[str, Any] = {
        "recipe": "default",
        "hyperparameters": asdict(Hyperparameters()),
        "settings": asdict(RunSettings()),
    }
    if part == "recipe":
        parts["recipe"] = changes["name"]
    else:
        parts[part].update(changes)
    return json.dumps(parts)


@pytest.mark.parametrize(
    "text",
    [
        spoilt_run("hyperparameters", learning_rate="fast"),
        spoilt_run("hyperparameters", learning_rate=-1),
        spoilt_run("hyperparameters", learning_rate=True),
        spoilt_run("hyperparameters", learning_rate=10**400),
        spoilt_run("hyperparameters", learning_rate=float("nan")),
        spoilt_run("hyperparameters", widths=[]),
        spoilt_run("hyperparameters", widths=[10**9]),
        spoilt_run("hyperparameters", widths="50"),
        spoilt_run("hyperparameters", widths=None),
        spoilt_run("hyperparameters", optimizer=["sgd"]),
        spoilt_run("hyperparameters", nobody_knows=1),
        spoilt_run("settings", cell="perceptron"),
        spoilt_run("settings", seed=1.5),
        spoilt_run("settings", held_out=2.0),
        spoilt_run("recipe", name="grandmother's"),
        spoilt_run("recipe", name=[1]),
        '{"recipe": "default", "hyperparameters": [1, 2], "settings": 3}',
        '{"recipe": "notebook", "hyperparameters": {"widths": [50]}, "settings": {"cell": "lstm"}}',
        '{"recipe": "default", "knobs": [1, 2], "settings": 3}',
        '{"recipe": "notebook", "knobs": {"widths": [50]}, "settings": {"cell": "lstm"}}',
    ],
)
def test_an_invalid_run_plan_is_none(path, text):
    preferences = opened(path)
    preferences.set_text("run", text)
    assert preferences.run is None


def test_preferences_of_an_earlier_version_are_read(path):
    path.write_text(
        "[General]\n"
        'run="{\\"recipe\\": \\"notebook\\", \\"knobs\\": {\\"learning_rate\\": 0.02, '
        '\\"clip\\": null, \\"widths\\": [50]}, \\"settings\\": {\\"seed\\": 7}}"\n'
        "unit=NATS_A_CHARACTER\n",
        encoding="utf-8",
    )
    preferences = opened(path)
    assert preferences.run == RunPlan(
        NOTEBOOK, Hyperparameters(0.02, None, (50,)), RunSettings(seed=7)
    )
    assert preferences.unit is Unit.NATS_PER_CHARACTER
    preferences.run = preferences.run
    preferences.write_to_disk()
    assert "knobs" not in path.read_text(encoding="utf-8")
    assert "hyperparameters" in path.read_text(encoding="utf-8")


def test_an_unwritable_folder_raises_no_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    preferences = opened(tmp_path / "file" / "settings.ini")
    preferences.set_flag("lower_case", False)
    preferences.write_to_disk()
    assert preferences.flag("lower_case", True) is False

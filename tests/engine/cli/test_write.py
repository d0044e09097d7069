import re

import numpy as np
import pytest

from engine.data.reader import read_text
from engine.evaluation.text_loss import loss_of_text
from engine.nn.architecture import Architecture
from engine.runs.saved_network import load_network
from engine.training.presets import PRESETS, TEXT_PRESETS

SMALL = ("--hidden", "8", "--batch", "4", "--cell", "gru", "--dropout", "0")


@pytest.fixture
def run_engine(run_python):
    return lambda *arguments: run_python("-m", "engine", *arguments)


@pytest.fixture
def verse_path(tmp_path):
    random = np.random.default_rng(1)
    lines = ("The rose is red,\n", "the sky is blue,\n", "so is my love, o!\n")
    path = tmp_path / "verse.txt"
    path.write_text("".join(lines[i] for i in random.integers(3, size=200)), encoding="utf-8")
    return path


@pytest.fixture
def model_path(run_engine, verse_path, tmp_path):
    path = tmp_path / "verse.npz"
    ended = run_engine(
        "train", verse_path, "--text", *SMALL, "--streams", "5", "--length", "20", "--steps", "60",
        "--learning-rate", "0.02", "--seed", "3", "--save", path,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    for message in ("verse.txt", "characters", "3 lines"[2:]):
        assert message in ended.stderr
    assert "60 steps in" in ended.stdout
    assert re.search(r"^Held out: [\d.]+ nats, [\d.]+ bits per symbol", ended.stdout, re.M)
    return path


def test_a_text_is_trained_on_written_and_measured(run_engine, model_path, verse_path):
    kept = load_network(model_path)
    assert (kept.kind, kept.lower_case, kept.step, kept.seed) == ("text", False, 60, 3)

    def write(*arguments):
        ended = run_engine("write", model_path, "--length", "50", *arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.removesuffix("\n")

    verse = write("--prompt", "The rose", "--seed", "1")
    assert verse.startswith("The rose")
    assert len(verse) == len("The rose") + 50
    assert write("--prompt", "The rose", "--seed", "1") == verse
    assert write("--prompt", "The rose", "--seed", "2") != verse
    assert write("--prompt", "The rose", "--seed", "1", "--temperature", "0.1") != verse

    ended = run_engine("evaluate", model_path, verse_path)
    assert ended.returncode == 0, ended.stderr
    training, held_out = read_text(verse_path).split()
    loss = loss_of_text(kept.parameters, training, held_out).nats_per_character
    measured = re.search(r"^network, held-out end +([\d.]+) +([\d.]+)$", ended.stdout, re.M)
    assert float(measured[1]) == pytest.approx(loss, abs=1e-4)
    assert float(measured[2]) == pytest.approx(loss / np.log(2), abs=1e-4)
    for message in ("1-gram", "5-gram", "uniform guessing"):
        assert message in ended.stdout
    for share in ("words that occur in the training text", "passages of 20 symbols copied from it"):
        found = re.search(rf"^{share} +([\d.]+)% +([\d.]+)%$", ended.stdout, re.M)
        assert all(0 <= float(percent) <= 100 for percent in found.groups())


def test_options_and_models_that_do_not_fit_a_text_are_refused(
    run_engine, model_path, verse_path, tmp_path
):
    unknown = run_engine("write", model_path, "--prompt", "ROSE")
    assert unknown.returncode == 2
    assert "--prompt: The model has never seen the letter “R”. Write “r” instead." in unknown.stderr
    assert "Use the command write." in run_engine("sample", model_path).stderr
    for flag in (("--window", "9"), ("--lower-case",), ("--streams", "3")):
        ended = run_engine("train", verse_path, *flag)
        assert (ended.returncode, f"{flag[0]} needs --text." in ended.stderr) == (2, True)
    short = tmp_path / "short.txt"
    short.write_text("too short")
    assert "A text needs" in run_engine("train", short, "--text").stderr


def test_windows_presets_and_minutes_are_taken(run_engine, verse_path, tmp_path):
    path = tmp_path / "course.npz"
    ended = run_engine(
        "train", verse_path, "--text", "--preset", "sonnets-course", "--hidden", "6",
        "--layers", "2", "--minutes", "0.002", "--save", path,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    kept = load_network(path)
    architecture = kept.parameters.architecture
    assert (architecture.cell, architecture.widths) == ("lstm", (6, 6))
    assert kept.lower_case
    assert kept.step >= 1


def test_the_course_s_network_has_its_parameters():
    course = TEXT_PRESETS[0]
    hyperparameters, settings = course.hyperparameters, course.settings
    assert (settings.window, settings.stride, hyperparameters.batch) == (40, 3, 128)
    assert (hyperparameters.dropout, hyperparameters.learning_rate, hyperparameters.optimizer) == (
        0.5,
        0.001,
        "adam",
    )
    assert Architecture(38, settings.cell, hyperparameters.widths).n_parameters == 221_990


def test_presets_say_what_they_are_for():
    assert {preset.kind for preset in PRESETS} == {"names"}
    assert {preset.kind for preset in TEXT_PRESETS} == {"text"}

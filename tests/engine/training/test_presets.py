"""Presets hold what they promise: they beat counting, and a run left alone stays close to its best.

The long tests use the data in ../shared/data, and need minutes.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.data.reader import read_names, read_text
from engine.training.presets import (
    KIND_PRESETS,
    MELODY_PRESETS,
    PRESETS,
    PRESETS_BY_KEY,
    TEXT_PRESETS,
    presets_for,
)
from engine.training.recipes import COURSE_ITERATIONS, DEFAULT
from engine.training.settings import default_hyperparameters
from engine.training.trainer import Trainer

ROOT = Path(__file__).resolve().parents[3]
BUNDLED = ROOT / "resources" / "names" / "dinosaurs.txt"
COURSE_KEYS = {"notebook", "sonnets-course", "jazz-course"}
NOT_IN_THE_TABLE = {preset.key for preset in (*KIND_PRESETS, *MELODY_PRESETS)}
"""Their losses are not per character of names or a text."""
"""Their figures are those of each kind, or shares of names told right: no single loss."""


def best_of_counting(trainer):
    """Return the lowest loss of all n-gram models on what the trainer measures."""
    held_out = trainer.learner.loader.held_out_data
    losses = held_out.n_gram_losses(held_out.fit_n_grams())
    assert len(losses) == 5
    return min(loss.nats_per_character for loss in losses)


def begun(preset, corpus):
    """Return a run as the preset describes it."""
    return Trainer(corpus, preset.hyperparameters, preset.recipe, preset.settings)


def measured_losses(trainer, steps):
    """Return the held-out loss after each measurement of a run."""
    found = []
    while trainer.step < steps:
        chunk = trainer.run(steps - trainer.step)
        found += [measured.nats_per_character for measured in chunk.held_out if measured.step]
    return found


def test_the_quick_preset_beats_counting_on_the_dinosaurs_within_700_steps():
    trainer, best = begun(PRESETS_BY_KEY["quick"], read_names(BUNDLED)), np.inf
    counting = best_of_counting(trainer)
    while best >= counting and trainer.step < 700:
        chunk = trainer.run(700 - trainer.step)
        measured = (each.nats_per_character for each in chunk.held_out if each.step)
        best = min([best, *measured])
    assert best < counting


@pytest.mark.long
@pytest.mark.parametrize(
    ("key", "file", "steps"),
    [
        ("quick", "dinos.txt", 900),
        ("deep", "dinos.txt", 1_000),
        ("good", "dinos.txt", 600),
        ("many", "names.txt", 1_400),
        ("sonnets", "shakespeare.txt", 900),
        ("long", "tinyshakespeare.txt", 1_800),
    ],
)
def test_every_preset_of_ours_beats_counting_on_the_data_that_it_is_for(
    shared_file, key, file, steps
):
    path, preset = shared_file(f"data/{file}"), PRESETS_BY_KEY[key]
    is_text = preset.kind == "text"
    corpus = read_text(path, lower_case=preset.lower_case) if is_text else read_names(path)
    trainer = begun(preset, corpus)
    assert min(measured_losses(trainer, steps)) < best_of_counting(trainer)


@pytest.mark.long
@pytest.mark.parametrize(("key", "steps"), [("default", 120_000), ("quick", 2_500)])
def test_a_run_left_alone_ends_within_two_percent_of_its_best(key, steps):
    """As many steps as it takes until the learning rate is a thousandth."""
    found = measured_losses(begun(PRESETS_BY_KEY[key], read_names(BUNDLED)), steps)
    assert np.mean(found[-5:]) < 1.02 * min(found)


def test_a_run_left_alone_comes_to_rest(corpus):
    """Ten times the default decay, for the sake of time: nothing moves after 8,000 names."""
    usual = default_hyperparameters(DEFAULT)
    trainer = Trainer(corpus, replace(usual, decay=10 * usual.decay))
    losses = []
    while trainer.step < 8_000:
        losses += [each.nats_per_character for each in trainer.run(2_000).held_out]
    assert losses[-1] < 0.6 * losses[0], "it has learned"
    assert losses[-1] <= 1.02 * min(losses)
    before = trainer.parameters.flat.copy()
    while trainer.step < 8_500:
        trainer.run(500)
    assert np.abs(trainer.parameters.flat - before).max() < 1e-3


def test_what_a_preset_reaches_is_what_was_measured():
    """The rows of the table, but for *A longer text*, whose latest figures stand below it."""
    lines = (ROOT / "tests" / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    rows = {}
    for line in lines.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and cells[1].endswith(".txt"):
            name, data, counting, best, seconds, _ = cells
            rows[name] = data, float(best.split(",")[0]), float(seconds), float(counting)
    rows["A longer text"] = "tinyshakespeare.txt", 1.4852, 605.0, 1.669
    assert "*A longer text* after 605 s" in lines
    for key, preset in PRESETS_BY_KEY.items():
        found = preset.measured
        assert (found is None) == (key in COURSE_KEYS | NOT_IN_THE_TABLE)
        if found is not None:
            data, best, seconds, counting = rows[preset.name]
            assert (found.data, found.seconds, found.counting) == (data, seconds, counting)
            assert found.nats_per_character == pytest.approx(best, abs=6e-4)
            assert f"It reaches {found.nats_per_character:.2f} nats" in preset.describe()
            assert "nats" not in preset.summary, "figures have one home"


def test_the_course_s_run_ends_where_the_course_does():
    assert PRESETS_BY_KEY["notebook"].until.steps == COURSE_ITERATIONS == 35_000


@pytest.mark.parametrize("preset", PRESETS_BY_KEY.values(), ids=PRESETS_BY_KEY)
def test_a_long_run_ends_when_it_no_longer_gets_better(preset):
    """The small ones come to rest within a minute, and train on for whoever watches."""
    if preset.key in COURSE_KEYS | {"default", "quick"}:
        assert preset.until is None or preset.until.patience is None
    else:
        assert preset.until.patience is not None


def test_presets_are_offered_for_data_that_they_can_learn_from():
    assert presets_for("names") == PRESETS
    assert presets_for("text") == TEXT_PRESETS
    assert presets_for("melodies", has_kinds=True) == MELODY_PRESETS
    assert {each.key for each in MELODY_PRESETS} - {
        each.key for each in presets_for("melodies")
    } == {"player"}
    with_kinds = presets_for("names", has_kinds=True)
    assert with_kinds[: len(KIND_PRESETS)] == KIND_PRESETS
    assert {preset.key for preset in PRESETS} - {preset.key for preset in with_kinds} == {
        "notebook"
    }
    assert set(with_kinds) <= {*PRESETS, *KIND_PRESETS}


@pytest.mark.parametrize("preset", KIND_PRESETS, ids=lambda preset: preset.key)
def test_the_presets_for_kinds_learn_kinds(preset, kind_corpus):
    trainer = begun(preset, kind_corpus)
    before = trainer.held_out_trend.best.nats_per_character
    trainer.run(25)
    assert trainer.held_out_loss().nats_per_character < before

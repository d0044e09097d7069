"""Checks the tunes that come with the project."""

from pathlib import Path

import numpy as np
import pytest

from engine.melody.files.abc_reading import read_abc
from engine.melody.grid import on_grid
from engine.melody.keys import Key, estimated_key
from resources import bundled_melodies

READ = read_abc(bundled_melodies().decode("utf-8"))
MELODIES = READ.melodies
README = Path(__file__).resolve().parents[2] / "resources" / "melodies" / "README.md"


def test_twelve_tunes_are_read_without_a_remark():
    assert len(MELODIES) == 12
    assert READ.notes == ()


@pytest.mark.parametrize("melody", MELODIES, ids=lambda melody: melody.title)
def test_each_tune_is_one_that_can_be_sung_in_full_bars(melody):
    assert melody.has_bars
    beats = melody.onsets[-1] + melody.durations[-1]
    after_upbeat = beats - float(melody.upbeat)
    last_bar = after_upbeat % float(melody.bar)
    # A tune ends with a full bar, or its last bar and its upbeat are one together.
    assert last_bar in (0, melody.bar - melody.upbeat)
    assert 25 <= len(melody) <= 80
    assert melody.pitches.min() >= 55
    assert melody.pitches.max() <= 81
    assert np.abs(np.diff(melody.pitches)).max() <= 15


@pytest.mark.parametrize("melody", MELODIES, ids=lambda melody: melody.title)
def test_each_tune_ends_on_the_tonic_of_its_key(melody):
    assert melody.pitches[-1] % 12 == melody.tonic


@pytest.mark.parametrize("melody", MELODIES, ids=lambda melody: melody.title)
def test_each_note_of_a_tune_is_on_the_fine_grid(melody):
    assert on_grid(melody, "fine").n_near == len(melody)


def test_keys_are_estimated_as_they_are_written_but_for_the_modes():
    """The Dorian tunes have no profile of their own."""
    right = [
        estimated_key(melody.pitches, melody.durations) == Key(melody.tonic, melody.is_minor)
        for melody in MELODIES
    ]
    assert sum(right) >= 10


def test_the_readme_says_where_each_tune_is_from():
    text = README.read_text(encoding="utf-8")
    for melody in MELODIES:
        assert f"| {melody.title} |" in text

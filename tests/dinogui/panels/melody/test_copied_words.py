"""The sentence on how much of a melody is copied."""

from fractions import Fraction

import pytest

from dinogui.panels.melody.copied_words import copied_sentence
from engine.data.melodies import melodies_of
from engine.evaluation.copied_notes import KnownTunes
from engine.melody.note import Melody, Note

FAR = [Note(40 + 3 * place, Fraction(2)) for place in range(10)]
"""Notes that are in no tune."""


@pytest.fixture
def known(tunes):
    return KnownTunes(melodies_of(tunes, "ten tunes", grid="swing"), 0.1, 0)


@pytest.fixture
def learned(known, tunes):
    """Return a tune that is not held out."""
    return next(tune for tune in tunes if known.look_up(tune.notes).share == 1)


def test_nothing_is_copied(known, improvised):
    played = improvised(FAR)
    sentence = copied_sentence(played, known.look_up(FAR))
    assert sentence == "Nothing is copied: no 4 notes in a row are those of a tune."


def test_a_short_passage_is_named(known, learned, improvised):
    notes = [*FAR, *learned.notes[3:9]]
    assert copied_sentence(improvised(notes), known.look_up(notes)) == (
        f"Nothing is copied: at most 6 notes in a row are those of a tune (“{learned.title}”)."
    )


def test_a_long_passage_is_copied(known, learned, improvised):
    notes = [*FAR, *learned.notes[3:12]]
    assert copied_sentence(improvised(notes), known.look_up(notes)) == (
        f"Of 19 notes, 9 are copied: 9 notes in a row are those of “{learned.title}”."
    )


def test_what_was_given_does_not_count(known, learned, improvised):
    notes = [*learned.notes[:10], *FAR]
    sentence = copied_sentence(improvised(notes, n_given=10), known.look_up(notes))
    assert sentence == "Nothing is copied: no 4 notes in a row are those of a tune."


def test_rests_are_no_notes(improvised):
    rests = [Note(None, Fraction(1, 2))] * 2
    tunes = [
        Melody((*[Note(60 + n + k, Fraction(1)) for k in range(8)], *rests, *FAR[:9]))
        for n in (0, 1)
    ]
    known = KnownTunes(melodies_of(tunes, "two", grid="swing"), 0.5, 0)
    notes = next(tune for tune in tunes if known.look_up(tune.notes).share == 1).notes[4:14]
    assert copied_sentence(improvised(notes), known.look_up(notes)) == (
        "All 8 notes are copied: 10 notes and rests in a row are those of a tune without a title."
    )


def test_there_is_nothing_to_say_of_no_notes(known, improvised):
    assert copied_sentence(improvised([]), known.look_up([])) == ""

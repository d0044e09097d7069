from fractions import Fraction

import numpy as np
import pytest

from engine.data.melodies import NoteSymbols, melodies_of, melodies_of_symbols
from engine.data.training_data import CorpusError
from engine.data.vocabulary import Vocabulary
from engine.melody.note import Melody, Note

BEAT = Fraction(1)


def scale(first, title="", **facts):
    notes = tuple(Note(first + step, BEAT) for step in (0, 2, 4, 5, 7, 9, 11, 12))
    return Melody((*notes, Note(None, BEAT)), title, **facts)


def two_scales(**facts):
    tunes = [scale(60, "C", **facts), scale(62, "D", **facts), scale(55, "G", **facts)]
    return melodies_of(tunes * 2, "scales", grid="swing")


def test_a_tune_comes_back_as_it_was():
    data = two_scales(tempo=90.0, bar=Fraction(3), upbeat=BEAT, has_bars=True)
    assert data.melody(1) == scale(62, "D", tempo=90.0, bar=Fraction(3), upbeat=BEAT, has_bars=True)
    assert (len(data.tunes), data.n_notes, data.tempo, data.bar) == (6, 48, 90.0, 3)


def test_a_bar_line_stands_before_the_note_that_begins_the_bar():
    data = two_scales(bar=Fraction(3), upbeat=BEAT, has_bars=True)
    written = data.vocabulary.decode(data.symbols[: data.documents.bounds[1]])
    assert written == "C4♩|D4♩E4♩F4♩|G4♩A4♩B4♩|C5♩rest♩\x03"


def test_a_note_over_a_bar_line_leaves_one_bar_line_for_each_bar():
    notes = (Note(60, Fraction(7)), *scale(62).notes)
    data = melodies_of(
        [Melody(notes, has_bars=True), Melody(notes[1:] * 2, has_bars=True)] * 2, "x", grid="swing"
    )
    assert data.vocabulary.decode(data.symbols[:4]) == "C47♩|D4"


def test_the_loss_of_a_note_is_that_of_its_symbols():
    data = two_scales()
    # Of 9 symbols each is a pitch or a rest with its length, and an end: 19 symbols for 8 notes.
    assert data.note_length == pytest.approx(19 / 8)


def test_a_transposed_pitch_stays_in_the_range():
    notes = NoteSymbols(two_scales().vocabulary)
    for shift in (-5, 3, 6, 12, -12):
        table = notes.transposed(shift)
        for index, pitch in enumerate(notes.pitches):
            if pitch is None:
                assert table[index] == index
            else:
                assert (notes.pitches[table[index]] - pitch - shift) % 12 == 0


def test_other_symbols_are_refused():
    with pytest.raises(ValueError, match="must be those of melodies, got 'x'"):
        NoteSymbols(Vocabulary(("\x03", "C4", "♩", "x")))


@pytest.mark.parametrize(
    ("tunes", "sentence"),
    [
        ([], "There are no notes in “x”. Choose a file with melodies."),
        ([scale(60)], "There are 18 symbols of notes in “x”. Melodies need at least 64."),
        ([scale(60)] * 6, "There are only equal tunes in “x”. At least two different ones"),
    ],
)
def test_too_little_is_said(tunes, sentence):
    with pytest.raises(CorpusError) as error:
        melodies_of(tunes, "x", grid="swing")
    assert str(error.value).startswith(sentence)


def test_what_is_stored_makes_the_same_data():
    data = two_scales()
    again = melodies_of_symbols(
        data.symbols, data.vocabulary, "scales", data.tunes, grid="swing", transpose="none"
    )
    assert again.fingerprint == data.fingerprint


def test_keys_and_kinds_are_part_of_the_fingerprint():
    data = two_scales()
    others = melodies_of(
        [scale(60), scale(62), scale(55)] * 2, "scales", grid="swing", transpose="all"
    )
    assert np.array_equal(data.symbols, others.symbols)
    assert data.fingerprint != others.fingerprint

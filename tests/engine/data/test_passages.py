"""Passages of eight bars, and which tunes are held out."""

from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest

from engine.data.known_notes import in_known_notes
from engine.data.melodies import melodies_of
from engine.data.name_kinds import NameKinds
from engine.data.passages import passages_of, split_tunes, told_passages
from engine.melody.note import Melody, Note

QUARTER = Fraction(1)


def tune(n_notes, *, pitch=60, beats=QUARTER, bar=4, upbeat=0, has_bars=True, title="tune"):
    """Return a tune whose notes rise, so that each of them can be told from the others."""
    notes = tuple(Note(pitch + place % 12, beats) for place in range(n_notes))
    return Melody(notes, title, 120, Fraction(bar), Fraction(upbeat), has_bars)


def data_of(*tunes, kinds=None):
    of_each = None if kinds is None else NameKinds(("low", "high"), tuple(kinds), tuple(kinds))
    return melodies_of(tunes, "tunes", grid="swing", kinds=of_each, for_training=False)


def notes_of(data, encoded):
    """Return the notes of each passage, and check that it ends with an end and has no other."""
    found = []
    for place in range(len(encoded)):
        symbols = encoded[place]
        assert symbols[-1] == 0
        assert symbols[:-1].all()
        found.append(data.notes.notes_of(symbols))
    return found


@pytest.mark.parametrize("has_bars", [True, False])
def test_one_passage_follows_the_other(has_bars):
    melody = tune(32 + 32 + 16, has_bars=has_bars)
    data = data_of(melody)
    passages = passages_of(data, np.array([0]))
    found = notes_of(data, passages.encoded(data.documents))
    assert [len(notes) for notes in found] == [32, 32, 16]
    assert sum(found, ()) == melody.notes
    assert passages.titles(data.tunes) == [
        "tune, bars 1–8",
        "tune, bars 9–16",
        "tune, bars 17–20",
    ]


def test_fewer_than_four_bars_at_the_end_are_left_out_and_short_tunes_are_whole():
    data = data_of(tune(32 + 12), tune(9))
    passages = passages_of(data, np.array([0, 1]))
    found = notes_of(data, passages.encoded(data.documents))
    assert [len(notes) for notes in found] == [32, 9]
    assert passages.titles(data.tunes) == ["tune, bars 1–8", "tune, bars 1–3"]


@pytest.mark.parametrize(("bar", "upbeat"), [(3, 1), (4, 0), (Fraction(3, 2), Fraction(1, 2))])
def test_bars_are_those_of_the_tune(bar, upbeat):
    """Against an oracle that adds up the beats of the notes."""
    melody = tune(60, beats=Fraction(1, 2), bar=bar, upbeat=upbeat)
    data = data_of(melody)
    passages = passages_of(data, np.array([0]), at_every_bar=True)
    onsets = [Fraction(0), *accumulate(note.beats for note in melody.notes)][:-1]
    bars = [max((onset - upbeat) // bar, 0) for onset in onsets]
    firsts = range(max(max(bars) + 1 - 8, 0) + 1)
    expected = [
        tuple(note for note, at in zip(melody.notes, bars, strict=True) if first <= at < first + 8)
        for first in firsts
    ]
    assert notes_of(data, passages.encoded(data.documents)) == expected
    bar_line = data.notes.bar_line
    encoded = passages.encoded(data.documents)
    for place in range(len(encoded)):
        assert bar_line not in (encoded[place][0], encoded[place][-2])


def test_bars_in_which_no_note_begins_are_passed_over():
    notes = (Note(60, Fraction(4)), Note(62, Fraction(80)), Note(64, Fraction(4)))
    data = data_of(Melody(notes * 2, "long", 120, Fraction(4)))
    for at_every_bar in (False, True):
        passages = passages_of(data, np.array([0]), at_every_bar=at_every_bar)
        assert all(notes_of(data, passages.encoded(data.documents)))


def test_whole_tunes_are_held_out_of_each_kind_and_equal_ones_stay_together():
    tunes = [tune(40, pitch=40 + place) for place in range(12)]
    tunes += [tune(40, pitch=70 + place // 2) for place in range(8)]  # four, each twice
    kinds = [0] * 12 + [1] * 8
    data = data_of(*tunes, kinds=kinds)
    for seed in range(10):
        training, held_out = split_tunes(data, seed, 0.25)
        assert sorted([*training, *held_out]) == list(range(20))
        of_kind = np.bincount(np.array(kinds)[held_out], minlength=2)
        assert of_kind.tolist() == [3, 2], f"seed {seed}"
        equals = {place // 2 for place in held_out.tolist() if place >= 12}
        assert len(equals) == 1, f"seed {seed}"
    first, second = told_passages(data, 0, 0.25)
    assert set(first.kinds.tolist()) == {0, 1}
    assert len(first) + len(second) == 20


def test_a_kind_whose_tunes_are_all_equal_is_learned_from():
    data = data_of(tune(40), tune(40), tune(40, pitch=70), tune(40, pitch=71), kinds=[0, 0, 1, 1])
    for seed in range(5):
        _, held_out = split_tunes(data, seed, 0.5)
        assert held_out.tolist() in ([2], [3]), f"seed {seed}"


def test_notes_that_a_network_does_not_know_become_the_nearest_ones():
    own = data_of(
        Melody((Note(59, QUARTER), Note(None, QUARTER), Note(90, Fraction(5, 4)))),
        tune(12),
    )
    known = data_of(tune(12, has_bars=False), tune(12, beats=Fraction(1, 2), has_bars=False))
    encoded = own.documents.beginnings(99)
    found = in_known_notes(encoded, own.vocabulary, known.vocabulary)
    first, second = (known.notes.notes_of(found.encoded[place]) for place in range(2))
    # B3 and F♯6 come into the octave above middle C; the rest is unknown, and its beat goes too.
    assert first == (Note(71, QUARTER), Note(66, QUARTER))
    assert second == own.melody(1).notes
    assert (found.n_moved, found.n_rounded) == (2, 1)
    assert found.changes == (
        "2 notes that the network does not know: moved by octaves.",
        "1 duration that the network does not know: brought to the nearest one.",
    )
    same = in_known_notes(encoded, own.vocabulary, own.vocabulary)
    assert same.encoded.symbols.tolist() == encoded.symbols.tolist()
    assert same.encoded.bounds.tolist() == encoded.bounds.tolist()
    assert same.changes == ()

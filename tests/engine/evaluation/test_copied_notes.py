from fractions import Fraction

import numpy as np
import pytest

from engine.data.melodies import melodies_of
from engine.evaluation.copied_notes import COPIED_FROM, KnownTunes
from engine.melody.note import Melody, Note

BEAT, HALF = Fraction(1), Fraction(1, 2)


def random_tunes(seed, count=6, length=60):
    random = np.random.default_rng(seed)
    return [
        Melody(
            tuple(
                Note(None if random.random() < 0.05 else int(random.integers(55, 80)), beats)
                for beats in random.choice(np.array([BEAT, HALF], dtype=object), length)
            ),
            title=f"tune {number}",
        )
        for number in range(count)
    ]


def known(melodies, transpose="none"):
    data = melodies_of(melodies, "tunes", grid="swing", transpose=transpose)
    _, held_out_places = data.documents.split(0, 0.1)
    held_out = {data.tunes[place].title for place in held_out_places}
    return KnownTunes(data, 0.1, 0), [tune for tune in melodies if tune.title not in held_out]


def copied_by_looking(notes, tunes):
    """For each note, whether a run of `COPIED_FROM` with it stands in a tune."""
    found = [False] * len(notes)
    for begin in range(len(notes) - COPIED_FROM + 1):
        run = list(notes[begin : begin + COPIED_FROM])
        for tune in tunes:
            places = range(len(tune.notes) - COPIED_FROM + 1)
            if any(list(tune.notes[at : at + COPIED_FROM]) == run for at in places):
                found[begin : begin + COPIED_FROM] = [True] * COPIED_FROM
    return found


@pytest.mark.parametrize("seed", range(5))
def test_copied_notes_are_those_that_one_finds_by_looking(seed):
    tunes, training = known(random_tunes(seed))
    random = np.random.default_rng(seed)
    notes = []
    for _ in range(6):
        tune = training[random.integers(len(training))].notes
        begin, length = random.integers(50), random.integers(3, 12)
        notes += tune[begin : begin + length]
    assert tunes.look_up(notes).are_copied.tolist() == copied_by_looking(notes, training)


def test_the_longest_passage_says_where_it_stands():
    tunes, training = known(random_tunes(1))
    notes = (Note(40, BEAT), *training[2].notes[10:21], Note(41, BEAT))
    found = tunes.look_up(notes)
    longest = found.passages[0]
    assert (longest.begin, longest.length, longest.tune_begin) == (1, 11, 10)
    assert longest.tune.title == training[2].title
    assert longest.is_copied
    assert found.share == pytest.approx(11 / 13)


def test_a_run_does_not_go_on_from_one_tune_to_the_next():
    tunes, training = known(random_tunes(2))
    notes = training[0].notes[-6:] + training[1].notes[:6]
    assert not tunes.look_up(notes).are_copied.any()


@pytest.mark.parametrize(("transpose", "is_copied"), [("none", False), ("all", True)])
def test_a_run_in_another_key_is_copied_if_all_keys_were_learned(transpose, is_copied):
    tunes, training = known(random_tunes(3), transpose)
    moved = [
        Note(None if note.pitch is None else note.pitch - 3, note.beats)
        for note in training[0].notes[5:17]
    ]
    assert tunes.look_up(moved).are_copied.all() == is_copied


def test_no_notes_are_not_copied():
    tunes, _ = known(random_tunes(4))
    found = tunes.look_up(())
    assert (found.share, found.passages) == (0.0, ())

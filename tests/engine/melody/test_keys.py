import pytest

from engine.melody.keys import Key, estimated_key

MAJOR = (0, 2, 4, 5, 7, 9, 11, 12)
HARMONIC_MINOR = (0, 2, 3, 5, 7, 8, 11, 12)


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(("scale", "is_minor"), [(MAJOR, False), (HARMONIC_MINOR, True)])
def test_the_key_of_a_scale_is_found(tonic, scale, is_minor):
    pitches = [48 + tonic + step for step in scale]
    assert estimated_key(pitches, [1.0] * len(pitches)) == Key(tonic, is_minor)


def test_long_notes_count_more_than_short_ones():
    pitches = [60, 62, 64, 65, 67, 69, 71]
    in_c = [4, 1, 3, 1, 3, 1, 0.5]
    in_a_minor = [3, 1, 3, 1, 0.5, 4, 1]
    assert estimated_key(pitches, in_c) == Key(0)
    assert estimated_key(pitches, in_a_minor) == Key(9, is_minor=True)


def test_without_notes_nothing_can_be_told():
    assert estimated_key([], []) == Key(0)
    assert estimated_key(range(60, 72), [1] * 12) == Key(0)


@pytest.mark.parametrize(
    ("key", "name", "sharps", "shift"),
    [
        (Key(0), "C major", 0, 0),
        (Key(9, is_minor=True), "A minor", 0, 0),
        (Key(7), "G major", 1, 5),
        (Key(5), "F major", -1, -5),
        (Key(10), "B♭ major", -2, 2),
        (Key(6), "F♯ major", -6, -6),
        (Key(3, is_minor=True), "E♭ minor", -6, -6),
        (Key(4, is_minor=True), "E minor", 1, 5),
        (Key(11), "B major", 5, 1),
    ],
)
def test_a_key_has_a_name_a_signature_and_a_way_to_c(key, name, sharps, shift):
    assert str(key) == name
    assert key.sharps == sharps
    assert key.shift_to_c == shift
    assert (key.tonic + shift) % 12 == (9 if key.is_minor else 0)

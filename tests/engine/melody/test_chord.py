import pytest

from engine.melody.chord import ChordSymbolError, read_chord

NOTES = {
    "C": "C E G",
    "Cmaj": "C E G",
    "Am": "A C E",
    "Amin": "A C E",
    "A-": "A C E",
    "G7": "G B D F",
    "Cmaj7": "C E G B",
    "CM7": "C E G B",
    "CΔ": "C E G B",
    "CΔ7": "C E G B",
    "C(maj7)": "C E G B",
    "Dm7": "D F A C",
    "D-7": "D F A C",
    "Bm7b5": "B D F A",
    "Bm7♭5": "B D F A",
    "Bm7(b5)": "B D F A",
    "Bø": "B D F A",
    "Bø7": "B D F A",
    "Bdim": "B D F",
    "Bo": "B D F",
    "Bdim7": "B D F Ab",
    "Bo7": "B D F Ab",
    "B°7": "B D F Ab",
    "Caug": "C E Ab",
    "C+": "C E Ab",
    "C+7": "C E Ab Bb",
    "C6": "C E G A",
    "Am6": "A C E Gb",
    "C6/9": "C E G A D",
    "C69": "C E G A D",
    "C9": "C E G Bb D",
    "C11": "C E G Bb D F",
    "C13": "C E G Bb D A",
    "Cm13": "C Eb G Bb D F A",
    "Cmaj9": "C E G B D",
    "Csus4": "C F G",
    "Csus2": "C D G",
    "C7sus4": "C F G Bb",
    "C5": "C G",
    "Cadd9": "C D E G",
    "G7b9": "G B D F Ab",
    "G7(♭9)": "G B D F Ab",
    "G7#9": "G B D F Bb",
    "G7(b9,#11)": "G B D F Ab Db",
    "G7alt": "G B F Ab Bb Db Eb",
    "Galt": "G B F Ab Bb Db Eb",
    "C7#5": "C E Ab Bb",
    "Cmaj7#11": "C E G B Gb",
    "CmMaj7": "C Eb G B",
    "Cm(maj7)": "C Eb G B",
    "Cm(Maj7)": "C Eb G B",
    "F♯m7": "Gb A Db E",
    "Bb": "Bb D F",
    "B♭7/D": "Bb D F Ab",
    "C/D": "C E G D",
    "C6/9/E": "C E G A D",
    "Cb": "B Eb Gb",
    "E#": "F A C",
}
NAMES = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"]


@pytest.mark.parametrize("symbol", NOTES)
def test_a_chord_has_the_notes_that_musicians_play(symbol):
    chord = read_chord(symbol)
    assert {NAMES[each] for each in chord.pitch_classes} == set(NOTES[symbol].split())
    assert chord.symbol == symbol


def test_the_root_is_not_the_bass():
    chord = read_chord("B♭m7/E♭")
    assert (chord.root, chord.quality, chord.bass) == (10, "m7", 3)
    assert read_chord("B♭m7").bass == 10


@pytest.mark.parametrize(
    ("symbol", "scale"),
    [
        ("Cmaj7", "C D E F G A B"),
        ("G7", "C D E F G A B"),
        ("Dm7", "C D E F G A B"),
        ("Bm7b5", "C D E F G A B"),
        ("Fmaj7#11", "C D E F G A B"),
        ("CmMaj7", "C D Eb F G A B"),
        ("G7alt", "G Ab Bb B Db Eb F"),
        ("C7#5", "C D E Gb Ab Bb"),
        ("Bdim7", "B Db D E F G Ab Bb"),
    ],
)
def test_the_scale_of_a_chord_is_the_usual_one(symbol, scale):
    assert {NAMES[each] for each in read_chord(symbol).scale} == set(scale.split())


@pytest.mark.parametrize("symbol", NOTES)
def test_the_scale_has_the_notes_of_the_chord(symbol):
    chord = read_chord(symbol)
    assert chord.pitch_classes <= chord.scale


@pytest.mark.parametrize(
    ("symbol", "place"),
    [
        ("H7", 0),
        ("Dm7x", 3),
        ("dm7", 0),
        ("C/", 2),
        ("C/X", 2),
        ("C7(b9", 2),
        ("C7)", 2),
        ("C77", 2),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(symbol, place):
    with pytest.raises(ChordSymbolError, match="chord") as caught:
        read_chord(symbol)
    assert caught.value.place == place

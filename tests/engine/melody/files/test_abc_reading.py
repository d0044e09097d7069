from engine.melody.files.abc_reading import read_abc
from engine.melody.symbols import pitch_of


def tune(music, key="C", **fields):
    lines = [f"{name}:{value}" for name, value in fields.items()]
    return "\n".join(["X:1", *lines, f"K:{key}", music])


def read(music, key="C", **fields):
    return read_abc(tune(music, key, **fields)).melodies[0]


def pitches(music, key="C", **fields):
    return read(music, key, **fields).pitches.tolist()


def numbers(names):
    return [pitch_of(name) for name in names.split()]


def test_notes_have_octaves_accidentals_and_the_key():
    assert pitches("C,C c c' F ^F _B =B", key="G") == numbers("C3 C4 C5 C6 F♯4 F♯4 B♭4 B4")

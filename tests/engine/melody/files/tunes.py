"""Random melodies, to be written and read again."""

from fractions import Fraction

from hypothesis import strategies as st

from engine.melody.grid import GRIDS
from engine.melody.note import Melody, Note

DURATIONS = sorted(set().union(*GRIDS.values()))
BARS = [Fraction(bar) for bar in ("2", "3", "4", "3/2", "9/2", "7/4", "5")]

notes = st.builds(Note, st.integers(24, 96), st.sampled_from(DURATIONS))
rests = st.builds(Note, st.none(), st.sampled_from(DURATIONS))


@st.composite
def melodies(draw):
    """Melodies of at least eight notes, which neither begin nor end with a rest."""
    inner = draw(st.lists(st.one_of(notes, notes, notes, rests), min_size=6, max_size=30))
    n_missing = max(0, 6 - sum(note.pitch is not None for note in inner))
    ends = [draw(notes) for _ in range(2 + n_missing)]
    bar = draw(st.sampled_from(BARS))
    return Melody(
        (ends[0], *inner, *ends[1:]),
        draw(st.text("Añ ♭%x", max_size=5)).strip(),
        draw(st.floats(20, 400)),
        bar,
        draw(st.sampled_from([Fraction(0), bar / 2, bar - Fraction(1, 3)])),
    )


def sounding(melody):
    """Return (pitch, onset, beats) of each note."""
    now, found = Fraction(0), []
    for note in melody.notes:
        if note.pitch is not None:
            found.append((note.pitch, now, note.beats))
        now += note.beats
    return found


def played(melody):
    """Return the same of a melody that was read."""
    beats = [
        [Fraction(time).limit_denominator(480) for time in times.tolist()]
        for times in (melody.onsets, melody.durations)
    ]
    return list(zip(melody.pitches.tolist(), *beats, strict=True))

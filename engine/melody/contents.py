"""A melody as the content of a file: MIDI, sound or ABC."""

from engine.melody.chords import ChordLine
from engine.melody.note import Melody
from engine.melody.sound.swing import STRAIGHT


def content_of(
    form: str, melody: Melody, accompaniment: ChordLine | None = None, swing: float = STRAIGHT
) -> bytes:
    """Return the content of a file.

    Parameters
    ----------
    form : str
        "midi", "wav" or "abc".
    melody : Melody
    accompaniment : ChordLine, optional
        Chords that sound with it; in ABC, they are written above the notes.
    swing : float
        As in `engine.melody.sound.swing`; for MIDI files and sound.
    """
    # Each writer is imported only when somebody wants such a file.
    if form == "midi":
        from engine.melody.files.midi_writing import midi_of

        return midi_of(melody, accompaniment, swing)
    if form == "abc":
        from engine.melody.files.abc_writing import abc_of

        return abc_of(melody, accompaniment).encode()
    from engine.melody.sound.synthesis import synthesise
    from engine.melody.sound.wav import wav_of

    return wav_of(synthesise(melody, swing, accompaniment=accompaniment))

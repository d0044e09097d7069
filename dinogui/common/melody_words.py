"""Words for melodies."""

from engine.data.melodies import Melodies
from engine.data.training_data import counted

_OF_SOLOS = "performer"
"""What is known of each tune if it is a solo."""


def tune_noun(melodies: Melodies) -> str:
    """Return what one of the melodies is called: "solo" if it has a performer, or "tune"."""
    are_solos = all(_OF_SOLOS in dict(tune.labels) for tune in melodies.tunes)
    return "solo" if are_solos else "tune"


def size_of_melodies(melodies: Melodies) -> str:
    """Return how many there are: "264 solos, 110,873 notes"."""
    tunes = counted(len(melodies.tunes), tune_noun(melodies))
    return f"{tunes}, {counted(melodies.n_notes, 'note')}"

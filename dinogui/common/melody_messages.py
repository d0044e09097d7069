"""The frozen values that go to the thread in which melodies are improvised, and come back."""

from dataclasses import dataclass, replace

from engine.melody.chords import ChordLine
from engine.melody.note import Melody
from engine.sampling.melody.improvise import Improvisation
from engine.sampling.melody.request import MelodyRequest


@dataclass(frozen=True)
class Performance:
    """How a melody is played, and written to files that are heard.

    Attributes
    ----------
    tempo : float
        Beats a minute.
    swing : float
        Where the second eighth note of a beat begins, as a share of the beat: 0.5 is straight.
    accompaniment : ChordLine or None
        Chords that sound with it.
    """

    tempo: float
    swing: float = 0.5
    accompaniment: ChordLine | None = None

    def of(self, melody: Melody) -> Melody:
        """Return a melody in the tempo in which it is played."""
        return replace(melody, tempo=self.tempo)


@dataclass(frozen=True, eq=False)
class Improvised:
    """A melody that a network has improvised.

    Attributes
    ----------
    improvisation : Improvisation
    request : MelodyRequest
        What was asked for.
    step : int
        Steps that the network had made.
    """

    improvisation: Improvisation
    request: MelodyRequest
    step: int

    @property
    def melody(self) -> Melody:
        """The melody, with its beginning."""
        return self.improvisation.melody

"""The melody that the window shows: what was improvised or chosen last."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.session import Session
from engine.melody.note import Melody
from engine.nn.parameters import Array


@dataclass(frozen=True, eq=False)
class SurprisingMelody:
    """A melody, and how much its notes surprised the network.

    Attributes
    ----------
    melody : Melody
        With n notes and rests.
    surprises : (n,) array
        -ln p of each note, of its pitch and its duration together, in nats. NaN where the network
        was not asked.
    n_given : int
        How many notes and rests at the beginning were given, and not improvised.
    expected : tuple of str
        What the network held for likeliest in place of each note; empty if that is not known.
    chords : tuple of (Fraction, str)
        Where each chord begins, in beats, and its symbol; in their order.
    """

    melody: Melody
    surprises: Array
    n_given: int = 0
    expected: tuple[str, ...] = ()
    chords: tuple[tuple[Fraction, str], ...] = ()

    @property
    def chances(self) -> Array:
        """(n,): the probability that the network gave each note; NaN as in `surprises`."""
        return np.exp(-self.surprises)


class ShownMelody(QObject):
    """The melody that all panels show.

    Lives in the GUI thread, as a child of the session.

    Attributes
    ----------
    current : SurprisingMelody or None
        None as long as nothing was improvised in the run shown.

    Signals
    -------
    changed()
        Another melody is shown, or none.
    play_requested(float)
        It is to be played from this beat on.
    """

    changed = Signal()
    play_requested = Signal(float)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.current: SurprisingMelody | None = None
        session.run_begun.connect(self.clear)

    @classmethod
    def of(cls, session: Session) -> "ShownMelody":
        """Return the session's shown melody, which is made on first use."""
        return session.findChild(cls) or cls(session)

    def show(self, melody: SurprisingMelody) -> None:
        """Show another melody."""
        self.current = melody
        self.changed.emit()

    @Slot()
    def clear(self) -> None:
        """Show no melody any more."""
        if self.current is not None:
            self.current = None
            self.changed.emit()

    def play_from(self, beat: float) -> None:
        """Ask for the melody to be played from a beat on."""
        if self.current is not None:
            self.play_requested.emit(beat)

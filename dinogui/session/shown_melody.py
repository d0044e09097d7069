"""The melody that the window shows: what was improvised or chosen last."""

import math

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.melody_messages import Improvised
from dinogui.session.session import Session
from engine.melody.chords import ChordLine
from engine.sampling.melody.improvise import Improvisation
from engine.training.messages import MelodyLogEntry


class ShownMelody(QObject):
    """The melody that all panels show.

    Lives in the GUI thread, as a child of the session.

    Attributes
    ----------
    improvisation : Improvisation or None
        None as long as nothing was improvised in the run shown.
    chords : ChordLine
        The chords under it.
    entry : MelodyLogEntry or None
        The entry of the log that it is, if it was chosen there.

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
        self.improvisation: Improvisation | None = None
        self.chords = ChordLine()
        self.entry: MelodyLogEntry | None = None
        generation = session.melody_generation
        generation.improvised.connect(self._show_improvised)
        session.run_begun.connect(self.clear)
        if generation.shown is not None:
            self._show_improvised(generation.shown)

    @classmethod
    def of(cls, session: Session) -> "ShownMelody":
        """Return the session's shown melody, which is made on first use."""
        return session.findChild(cls) or cls(session)

    @Slot(object)
    def _show_improvised(self, improvised: Improvised) -> None:
        self.show(improvised.improvisation, improvised.request.chords)

    def show(self, improvisation: Improvisation, chords: ChordLine | None = None) -> None:
        """Show another melody, over chords if there are some."""
        self._show(improvisation, chords or ChordLine(), None)

    def show_entry(self, entry: MelodyLogEntry) -> None:
        """Show what the network improvised as it learned."""
        melody = entry.melody
        unasked = (math.nan,) * len(melody.notes)  # nobody has asked how likely they were
        pitches = tuple(note.pitch for note in melody.notes)
        self._show(Improvisation(melody, unasked, pitches), ChordLine(), entry)

    def _show(
        self, improvisation: Improvisation, chords: ChordLine, entry: MelodyLogEntry | None
    ) -> None:
        self.improvisation, self.chords, self.entry = improvisation, chords, entry
        self.changed.emit()

    @Slot()
    def clear(self) -> None:
        """Show no melody any more."""
        if self.improvisation is not None:
            self.improvisation, self.chords, self.entry = None, ChordLine(), None
            self.changed.emit()

    def play_from(self, beat: float) -> None:
        """Ask for the melody to be played from a beat on."""
        if self.improvisation is not None:
            self.play_requested.emit(beat)

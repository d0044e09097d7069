"""The Melody column: the network improvises, and one hears it."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from dinogui.common.actions.window_actions import Actions
from dinogui.common.melody_messages import Improvised, Performance
from dinogui.common.theme import SPACE, Theme
from dinogui.panels.melody.card.live_melody import LiveMelody
from dinogui.panels.melody.card.melody_form import MelodyForm
from dinogui.panels.melody.card.melody_saving import MelodySaving
from dinogui.panels.melody.card.midi_handle import MidiHandle
from dinogui.panels.melody.card.notes_text import NotesText
from dinogui.panels.names.kinds.kinds_view import KindsView
from dinogui.panels.text.training_log import TrainingLog
from dinogui.panels.units_off_chip import UnitsOffChip
from dinogui.session.session import Session
from dinogui.session.shown_melody import ShownMelody
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.buttons.menu_button import MenuButton
from dinogui.widgets.cards.flow import ButtonRow
from dinogui.widgets.cards.request_page import RequestPage
from dinogui.widgets.message_line import MessageLine
from engine.data.melodies import Melodies
from engine.melody.note import Melody
from engine.sampling.decoding import SamplingError
from engine.training.messages import MelodyLogEntry

_READING_SECONDS = 10.0
"""A message that answers a person stays at least this long, whatever is improvised by itself."""


class MelodyPanel(QWidget):
    """Requests melodies, shows their notes, plays and saves them, and shows the training's log.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
        `generate` improvises; `melody` plays and saves.
    session : Session
        A request that comes before there is a network waits for it.
    theme : Theme
        The colours of saved pictures.

    Attributes
    ----------
    form : MelodyForm
    notes : NotesText
    log : TrainingLog
    page : RequestPage
    saving : MelodySaving

    Signals
    -------
    finished()
        A melody is there, or could not be improvised.
    """

    finished = Signal()

    def __init__(
        self, actions: Actions, session: Session, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions, self._session = actions, session
        self._is_wanted = False
        self._is_first = True
        self.form = MelodyForm()
        self.notes = NotesText()
        self.notes.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 8)
        self.log = TrainingLog(
            "Four bars that the network improvises during the training. Click a row to hear it",
            "During the training: four bars every 2,000 steps.",
        )
        self._message = MessageLine(2, "Message about the melody", most=5)
        self._being_read = QTimer(self, singleShot=True)
        self.saving = MelodySaving(
            self, session, theme, actions.melody, lambda: self.form.performance
        )
        self._live = LiveMelody(session, actions.live_names, self)
        self._make_buttons(actions)
        self._lay_out()
        self._connect()
        self._show_run()
        session.playing.prepare()

    def _make_buttons(self, actions: Actions) -> None:
        improvise = self._action("Improvise", "Let the network improvise (Ctrl+G)")
        improvise.triggered.connect(actions.generate.trigger)
        self.button = ActionButton(improvise, is_filled=True, key_of=actions.generate)
        self.play = ActionButton(actions.melody.play, other_texts=("Play", "Stop"))
        self.play.show_key(False)  # its tooltip has it; so all buttons have room in one line
        again = self._action("Again", "Improvise again with the same seed: the same dice")
        again.triggered.connect(self.improvise_again)
        self.again = ActionButton(again)
        self.save = MenuButton()
        self.save.setText("Save")
        self.save.setToolTip("Save the melody as MIDI, sound, ABC notation or a picture")
        self.save.setAccessibleName("Save the melody")
        ways = QMenu(self.save)
        ways.addActions(list(actions.melody.save.values()))
        self.save.setMenu(ways)
        self.handle = MidiHandle(self._midi)

    def _action(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        return action

    def _lay_out(self) -> None:
        buttons = ButtonRow(self.button, self.play, self.again, self.save, self.handle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(UnitsOffChip(self._session.units_off, self))
        layout.addWidget(KindsView(self._session.blend))
        self.page = RequestPage(self.form, self.notes, self._message, buttons)
        self.page.shortened.connect(self._show_short)
        layout.addWidget(self.page)

    def _connect(self) -> None:
        session, actions = self._session, self._actions
        self.form.changed.connect(self._improvise_live)
        self.form.edited.connect(self._forget_error)
        self.form.misread.connect(self.show_error)
        self._live.due.connect(self._improvise_live)
        session.network_made.connect(self._improvise_if_wanted)
        session.run_begun.connect(self._show_run)
        generation = session.melody_generation
        generation.improvised.connect(self._show)
        generation.cleared.connect(self._clear)
        generation.refused.connect(self._take_refusal)
        generation.failed.connect(self._take_refusal)
        self.saving.said.connect(self._say)
        actions.melody.play.triggered.connect(self.play_or_stop)
        playing = session.playing
        playing.started.connect(self._show_playing)
        playing.ended.connect(self._show_playing)
        playing.failed.connect(self._say_not_heard)
        self.log.heard.connect(self._play_entry)
        self.form.beginning.pressed.connect(playing.sound_note)
        self._seen = ShownMelody.of(session)
        self._seen.play_requested.connect(self._play_from)

    @Slot(bool)
    def _show_short(self, is_short: bool) -> None:
        """Leave the room of the notes to the form where height is scarce: the roll has them."""
        self.form.show_short(is_short)
        self.notes.setVisible(not is_short)

    # What it says

    @property
    def error(self) -> str:
        """The sentence that says what is wrong; empty if nothing is."""
        return self._message.message if self._message.is_error else ""

    @property
    def message(self) -> str:
        """What is said about the melody, or what is wrong."""
        return self._message.message

    @property
    def last_seed(self) -> int | None:
        """The seed of the latest melody; None before the first one."""
        return None if self._is_first else round(self.form.seed.value())

    def recall_seed(self, seed: int | None) -> None:
        """Continue with the seed after this one."""
        self._is_first = seed is None
        self.form.seed.setValue(seed or 0)

    # What people do

    @Slot()
    def improvise(self) -> None:
        """Improvise with the next seed, or with the one shown if that is wanted."""
        if self.form.is_fresh.isChecked() and not self._is_first:
            self.form.take_next_seed()
        self.improvise_again()

    @Slot()
    def improvise_again(self) -> None:
        """Improvise with the seed that is shown."""
        self._is_wanted = not self._session.has_network
        if self._is_wanted:  # the run has only just started
            return
        for box in self.form.number_boxes:
            box.interpretText()
        if not self.form.chords.check():
            self.finished.emit()
            return
        self._session.playing.stop()
        self._being_read.stop()
        self._order()

    @Slot()
    def play_or_stop(self) -> None:
        """Play the melody that is shown, or stop."""
        playing, shown = self._session.playing, self._session.melody_generation.shown
        if playing.is_playing:
            playing.stop()
        elif shown is not None:
            if self._seen.improvisation is not shown.improvisation:
                self._seen.show(shown.improvisation, shown.request.chords)
            self._play(shown.melody, self.form.performance)

    @Slot(float)
    def _play_from(self, beat: float) -> None:
        """Play what is seen from a beat on."""
        if self._seen.improvisation is not None:
            self._play(self._seen.improvisation.melody, self.form.performance, beat)

    @Slot(object)
    def _play_entry(self, entry: MelodyLogEntry) -> None:
        """Play what the network improvised as it learned, or stop if it is being played."""
        playing = self._session.playing
        is_heard = playing.is_playing and playing.melody is entry.melody
        playing.stop()
        if not is_heard:
            self._seen.show_entry(entry)
            self._play(entry.melody, Performance(entry.melody.tempo, self.form.performance.swing))

    def _play(self, melody: Melody, performance: Performance, begin_beat: float = 0.0) -> None:
        self._forget_error()
        self._session.playing.play(
            melody,
            performance.accompaniment,
            swing=performance.swing,
            tempo=performance.tempo,
            begin_beat=begin_beat,
        )
        self._show_playing()

    def _order(self) -> None:
        self.form.settle()
        self._live.note_request()
        try:
            self._session.melody_generation.improvise(self.form.request())
        except SamplingError as error:
            self.show_error(str(error))
            self.finished.emit()
        else:
            self._is_first = False

    @Slot()
    def _improvise_live(self) -> None:
        """Improvise with the latest network, or the latest request, if that is wanted."""
        session = self._session
        is_on = self._actions.live_names.isChecked() and self.isVisible()
        is_held_up = session.playing.is_playing or self.form.chords.is_misread
        if is_on and session.has_network and not is_held_up:
            self._order()

    def _midi(self) -> bytes | None:
        generation = self._session.melody_generation
        if generation.shown is None:
            return None
        return generation.midi_of(generation.shown.melody, self.form.performance)

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with what had to wait while nobody looked."""
        super().showEvent(event)
        self._live.go_on()

    # What the session answers

    @Slot(str)
    def show_error(self, message: str) -> None:
        """Show what is wrong."""
        self._message.say(message, is_error=True)

    @Slot(str)
    def _say_not_heard(self, message: str) -> None:
        self._say(message, True)

    @Slot(str, bool)
    def _say(self, message: str, is_error: bool) -> None:
        """Say how something ended that a person has asked for, and leave time to read it."""
        self._message.say(message, is_error=is_error)
        self._being_read.start(round(1_000 * _READING_SECONDS))

    @Slot()
    def _forget_error(self) -> None:
        if self._message.is_error:
            self._being_read.stop()
            self._message.say("")

    @Slot(str)
    def _take_refusal(self, message: str) -> None:
        self.show_error(message)
        self.finished.emit()

    @Slot()
    def _show_run(self) -> None:
        """Offer the tunes of other data, in their usual tempo and metre."""
        self._is_wanted = False
        melodies = self._session.corpus
        if not isinstance(melodies, Melodies):
            return
        self._message.say("")
        self._being_read.stop()
        self.form.show_usual(melodies.tempo, melodies.bar)
        self.form.beginning.show_grid(melodies.grid)
        self.form.beginning.show_tunes(
            [tune.title for tune in melodies.tunes],
            lambda place, n_notes: melodies.melody(place).notes[:n_notes],
        )

    @Slot()
    def _improvise_if_wanted(self) -> None:
        if self._session.kind == "melodies":
            if self._is_wanted:
                self.improvise_again()
            else:
                self._improvise_live()

    @Slot(object)
    def _show(self, improvised: Improvised) -> None:
        melody = improvised.melody
        self.notes.show_melody(melody)
        bars = -(-melody.beats // melody.bar)
        if not self._being_read.isActive():
            self._message.say(
                f"{melody.n_notes:,} notes in {bars:,} bars, improvised by the network of step "
                f"{improvised.step:,}."
            )
        self._actions.melody.show_melody(True)
        self.finished.emit()

    @Slot()
    def _clear(self) -> None:
        self.notes.setPlainText("")
        self._actions.melody.show_melody(False)

    @Slot()
    def _show_playing(self) -> None:
        """Show whether something is heard, and mark the row of the log that is."""
        playing, entry = self._session.playing, self._seen.entry
        self._actions.melody.show_playing(playing.is_playing)
        is_entry = playing.is_playing and entry is not None and playing.melody is entry.melody
        self.log.show_heard(entry if is_entry else None)

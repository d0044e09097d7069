"""The status line: what the run is doing, in words."""

from PySide6.QtCore import QElapsedTimer, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from dinogui.common.icons import Icon
from dinogui.session.run import RunState
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.cards.state_dot import Sign, StateDot
from dinogui.widgets.reading_line import ReadingLine
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.training.messages import Progress

_READABLE_MILLISECONDS = 500
_GAP = "\u2003"
_SIGNS = {
    RunState.EMPTY: Sign.IDLE,
    RunState.READY: Sign.GOOD,
    RunState.TRAINING: Sign.ACTIVE,
    RunState.PAUSED: Sign.IDLE,
    RunState.DIVERGED: Sign.BAD,
    RunState.FAILED: Sign.BAD,
}
_READING = "Reading a file"
_SAID_MILLISECONDS = 3_000
"""Time for which a message stands in place of the state of the run."""


class StatusLine(QStatusBar):
    """Shows state, step, epoch, rate, time and smoothed loss, and the progress of reading a file.

    A message stands in place of that for a moment: what somebody has just done is answered at once,
    and news that nobody waits for can wait. Lives in the GUI thread.

    Signals
    -------
    reading_given_up()
        Somebody does not want to wait for the file.
    """

    reading_given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.EMPTY
        self._past: int | None = None
        self._is_reading = self._is_opening = False  # a file of data, and that of a run
        self._race, self._is_racing = "", False
        self._progress: Progress | None = None
        self._unit = Unit.NATS_PER_NAME
        self._kind: DataKind = "names"
        self._written = QElapsedTimer()
        self._text = ReadingLine("Status")
        self._said = QTimer(self, singleShot=True, interval=_SAID_MILLISECONDS)
        self._said.timeout.connect(self._end_message)
        self._news, self._shows_news = "", False
        # Whoever looks back, or opens a file, sees how that goes on.
        self._in_use = QTimer(self, singleShot=True, interval=_SAID_MILLISECONDS)
        self._in_use.timeout.connect(self._write)
        self._reading = QProgressBar()
        self._reading.setRange(0, 100)
        self._reading.setFixedWidth(160)
        self._reading.setFormat("Reading: %p%")
        self._reading.setAccessibleName(_READING)
        self._reading.hide()
        self.give_up = IconButton(Icon.CLOSE, "Stop reading", "Stop reading this file")
        self.give_up.clicked.connect(self.reading_given_up)
        self.give_up.hide()
        self.setProperty("role", "card")
        self.setAutoFillBackground(True)
        self._dot = StateDot()
        self._saved = QLabel()
        self._saved.setProperty("role", "faint")
        self._saved.setAccessibleName("Whether the run is saved")
        self.addWidget(self._dot)
        self.addWidget(self._text, 1)
        self._background = QLabel()
        self._background.setProperty("role", "faint")
        self._background.setAccessibleName("What goes on in the background")
        self._background.hide()
        self.addPermanentWidget(self._background)
        self.addPermanentWidget(self._reading)
        self.addPermanentWidget(self.give_up)
        self.addPermanentWidget(self._saved)
        self.show_saved(is_unsaved=False, is_saved=False)
        self._write()

    @property
    def message(self) -> str:
        """The text it shows."""
        return self._text.text()

    @property
    def reading_is_shown(self) -> bool:
        """Whether it shows the progress of reading a file."""
        return self._reading.isVisible()

    @Slot(object)
    def show_state(self, state: RunState) -> None:
        """Show what the run is doing."""
        self._state = state
        self._show_sign()
        self._write()

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        self._progress = progress
        # Figures that change faster cannot be read.
        if self._state is not RunState.TRAINING or self._written.hasExpired(_READABLE_MILLISECONDS):
            self._write()

    def show_unit(self, unit: Unit, kind: DataKind = "names") -> None:
        """Show the loss in another unit, which is named by the kind of data."""
        self._unit, self._kind = unit, kind
        self._write()

    def show_past(self, step: int | None) -> None:
        """Show which earlier step is looked at; None for the present."""
        self._past = step
        self._interrupt()
        self._show_sign()
        self._write()

    @Slot()
    def forget(self) -> None:
        """Show an empty run."""
        self._progress = None
        self._write()

    @Slot(float)
    def show_reading(self, share: float) -> None:
        """Show which share of a file has been read, until it is done."""
        self._reading.setValue(round(100 * share))
        for part in (self._reading, self.give_up):
            part.setVisible(share < 1.0)
        if self._is_reading != (share < 1.0):
            self._is_reading = share < 1.0
            self._tell_reading()

    @Slot(bool)
    def show_opening(self, is_opening: bool) -> None:
        """Show that the file of a run is read, or no longer."""
        if is_opening != self._is_opening:
            self._is_opening = is_opening
            self._tell_reading()

    def show_race(self, words: str, *, is_racing: bool) -> None:
        """Show how a race is, in place of the run that stands; no words if there is none."""
        self._race, self._is_racing = words, is_racing
        self._show_sign()
        self._write()

    def _tell_reading(self) -> None:
        self._interrupt()
        self._show_sign()
        self._write()

    def _show_sign(self) -> None:
        is_busy = self._is_reading or self._is_opening
        at_rest = _SIGNS[self._state] if self._past is None else Sign.PAST
        if self._race:
            at_rest = Sign.ACTIVE if self._is_racing else Sign.IDLE
        self._dot.show_sign(Sign.READING if is_busy else at_rest)

    def show_saved(self, *, is_unsaved: bool, is_saved: bool) -> None:
        """Show whether there is something that is not saved, and whether there is a file."""
        words = "unsaved *" if is_unsaved else "saved" if is_saved else "nothing to save"
        self._saved.setText(words)

    @Slot(str, str)
    def show_background(self, word: str, explanation: str = "") -> None:
        """Show a word for work that concerns no run; an empty one when it is done.

        Parameters
        ----------
        word : str
        explanation : str
            What the work is; the word's tooltip.
        """
        self._background.setText(word)
        self._background.setToolTip(explanation)
        self._background.setVisible(bool(word))

    @property
    def background_message(self) -> str:
        """The word for work that concerns no run."""
        return self._background.text()

    @property
    def saved_message(self) -> str:
        """What it says about the run's file."""
        return self._saved.text()

    def say(self, message: str) -> None:
        """Show a message for a moment. Unlike Qt's own, it has a tooltip where it is cut off."""
        self._shows_news = False
        self._said.start()
        self._text.show_text(message)

    @Slot(str)
    def announce(self, news: str) -> None:
        """Show news that nobody waits for, for as long as a message, when nothing else is said.

        What cuts them short is followed by them again. Later news take their place.
        """
        if self._shows_news:
            self._said.stop()
        self._news, self._shows_news = news, False
        self._write()

    def showEvent(self, event: QShowEvent) -> None:
        """Show news that have come while it was hidden."""
        super().showEvent(event)
        self._write()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep news that were cut short."""
        if self._shows_news:
            self._said.stop()
            self._shows_news = False
        super().hideEvent(event)

    def _interrupt(self) -> None:
        """End a message, as something is shown that somebody watches."""
        self._said.stop()
        self._shows_news = False
        self._in_use.start()

    @Slot()
    def _end_message(self) -> None:
        if self._shows_news:
            self._news, self._shows_news = "", False
        self._write()

    @Slot()
    def _write(self) -> None:
        if self._said.isActive():
            return
        is_watched = self._in_use.isActive() or self._is_reading or self._is_opening
        if self._news and self.isVisible() and not is_watched:
            self._said.start()
            self._text.show_text(self._news)
            self._shows_news = True
            return
        if self._race:
            self._text.show_text(self._race)
            return
        parts = [self._state.value]
        if self._is_reading or self._is_opening:
            # The run shown goes on meanwhile.
            has_run = self._state is not RunState.EMPTY
            parts = [_READING, *(parts if has_run else [])]
        if self._past is not None:
            parts.insert(0, f"Looking back at step {self._past:,}")
        progress = self._progress
        if progress is not None:
            parts += [
                f"step {progress.step:,}",
                f"epoch {progress.epoch:,.2f}",
                *self._rate(progress),
                f"{_clock(progress.seconds)} trained",
            ]
            loss = progress.smoothed_loss
            if loss is not None:
                value = self._unit.of(loss, progress.smoothed_characters or 1.0)
                parts.append(
                    f"smoothed loss {self._unit.write(value)} {self._unit.label(self._kind)}"
                )
        self._text.show_text(_GAP.join(parts))
        self._written.start()

    def _rate(self, progress: Progress) -> list[str]:
        """Return the training rate while the run trains."""
        if self._state is not RunState.TRAINING:
            return []
        rate = f"{progress.steps_per_second:,.0f}"
        return [f"{rate} step{'' if rate == '1' else 's'} per second"]


def _clock(seconds: float) -> str:
    """Return a time such as 0:01:34."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"

"""The line that names what the latest step has learned from, with its loss, for a whole class."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import SPACE, TextSize, text_font
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.elision import elided_text
from engine.data.reading.casing import title_case
from engine.data.visible_symbols import joined, visible
from engine.data.vocabulary import END_INDEX
from engine.evaluation.units import Unit
from engine.training.messages import Progress, Snapshot

_LONGEST = 24
"""Symbols of a text that are shown: the end of the piece."""

_MARGIN = 2 * SPACE
"""Pixels at both ends, and between the parts."""

_USUAL_NAME = "Kunmingosaurus"
"""The words around the name leave room for such a long one, and stay the same for shorter ones."""

Words = tuple[str, str]
"""What stands before the name, and after it."""


@dataclass(frozen=True)
class LearnedFrom:
    """The parts of the sentence about a step.

    Attributes
    ----------
    before, what, after : str
        The step, the name or the piece of text, and its loss.
    shorter : tuple of pairs of str
        The words before and after the name, in fewer and fewer words. The loss is in all of them.
    """

    before: str
    what: str
    after: str
    shorter: tuple[Words, ...] = ()

    @property
    def sentence(self) -> str:
        """All parts."""
        return f"{self.before} {self.what} {self.after}"


def learned_from(session: Session, unit: Unit) -> LearnedFrom | None:
    """Return what the latest step of the run has learned from, or None if that is not known."""
    snapshot, progress = session.snapshot, session.progress
    if snapshot is None or progress is None or snapshot.latest_name is None:
        return None
    if snapshot.step != progress.step or not len(progress.chunk):
        return None
    kind = session.kind
    batch = (progress.hyperparameters or session.hyperparameters).batch
    many = f"{batch:,} {'names' if kind == 'names' else 'pieces'}"
    step, loss = f"Step {snapshot.step:,}", _loss(progress, unit)
    loss_in_unit = f"{loss} {unit.label(kind)}"
    what = _what(snapshot, is_text=kind != "names")
    if batch > 1:
        return LearnedFrom(
            f"{step} learned from {many}, such as",
            what,
            f"with a mean loss of {loss_in_unit}",
            (
                (f"{step}: {many}, such as", f"mean loss {loss_in_unit}"),
                ("Such as", f"mean loss {loss_in_unit}"),
                ("", f"mean loss {loss}"),
            ),
        )
    return LearnedFrom(
        f"{step} learned from",
        what,
        f"with a loss of {loss_in_unit}",
        (
            (f"{step}:", f"loss {loss_in_unit}"),
            ("", f"loss {loss_in_unit}"),
            ("", f"loss {loss}"),
        ),
    )


def _what(snapshot: Snapshot, *, is_text: bool) -> str:
    assert snapshot.latest_name is not None
    symbols = snapshot.vocabulary.symbols
    if is_text:
        piece = [symbols[index] for index in snapshot.latest_name]
        end = joined([each if each == " " else visible(each) for each in piece[-_LONGEST:]])
        return f"“…{end}”" if len(piece) > _LONGEST else f"“{end}”"
    letters = [symbols[index] for index in snapshot.latest_name if index != END_INDEX]
    return title_case("".join(letters))


def _loss(progress: Progress, unit: Unit) -> str:
    chunk = progress.chunk
    return unit.write(unit.of(float(chunk.loss[-1]), float(chunk.characters[-1])))


class LearnedLine(QWidget):
    """Says what the latest step has learned from, at slow speeds and after single steps.

    It changes often, so it takes the room that there is and asks for no width. At full speed nobody
    could read it: it is empty while such a training goes on.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._unit = Unit.NATS_PER_NAME
        self._shown: LearnedFrom | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What the latest step learned from")
        session.snapshot_taken.connect(self._write)
        session.run_begun.connect(self._write)
        session.state_changed.connect(self._write)
        session.speed_changed.connect(self._write)

    @property
    def message(self) -> str:
        """The sentence that it shows; empty if there is none."""
        return "" if self._shown is None else self._shown.sentence

    def show_unit(self, unit: Unit) -> None:
        """Write the loss in another unit."""
        self._unit = unit
        self._write()

    @Slot()
    def _write(self) -> None:
        session = self._session
        is_fast = session.state is RunState.TRAINING and session.speed.is_full
        shown = None if is_fast else learned_from(session, self._unit)
        if shown != self._shown:
            self._shown = shown
            self.setAccessibleDescription(self.message)
            self.setToolTip(self.message)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a large value, and no width."""
        font = text_font(self.font(), TextSize.VALUE, is_strong=True)
        return QSize(0, QFontMetrics(font).height() + SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the parts."""
        shown = self._shown
        if shown is None:
            return
        painter, role = QPainter(self), QPalette.ColorRole
        faint, ink = self.palette().color(role.PlaceholderText), self.palette().color(role.Text)
        room = self.rect().adjusted(_MARGIN, 0, -_MARGIN, 0)
        fonts, fitting = self._fonts, self.fitting
        texts = fitting.before, fitting.what, fitting.after
        for text, font, colour in zip(texts, fonts, (faint, ink, faint), strict=True):
            if not text:
                continue
            painter.setFont(font)
            painter.setPen(colour)
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRect(room), middle, text)
            room.setLeft(room.left() + QFontMetrics(font).horizontalAdvance(text) + _MARGIN)
        painter.end()

    @property
    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        small = self.font()
        return small, text_font(small, TextSize.VALUE, is_strong=True), small

    @property
    def fitting(self) -> LearnedFrom:
        """The parts as they are drawn.

        The name is what a class reads, and the loss is what counts. Where room is scarce, the
        words around them become fewer. The name is elided only where the fewest words leave too
        little room, and the loss where nothing else is left.
        """
        shown = self._shown or LearnedFrom("", "", "")
        before, what, after = (QFontMetrics(font) for font in self._fonts)
        room = self.width() - 2 * _MARGIN
        name = what.horizontalAdvance(shown.what)
        name_room = max(name, what.horizontalAdvance(_USUAL_NAME))
        choices: tuple[Words, ...] = ((shown.before, shown.after), *shown.shorter)
        needed = [
            sum(width + _MARGIN for width in (before.horizontalAdvance(head), tail) if width)
            for head, tail in ((head, after.horizontalAdvance(tail)) for head, tail in choices)
        ]
        fits = (words + name_room <= room for words in needed)
        place = next((place for place, is_whole in enumerate(fits) if is_whole), len(choices) - 1)
        head, tail = choices[place]
        loss = elided_text(tail, after, max(room, 0))
        left = room - after.horizontalAdvance(loss) - _MARGIN
        if head:
            left -= before.horizontalAdvance(head) + _MARGIN
        return LearnedFrom(head, elided_text(shown.what, what, max(left, 0)), loss)

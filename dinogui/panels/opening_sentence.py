"""What the plot says before the first step: which key begins, and what its dashed lines mean."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dinogui.common.actions.window_actions import Actions
from dinogui.common.data_nouns import DATA_NOUNS
from dinogui.common.theme import RADIUS, SPACE
from dinogui.session.session import Session
from dinogui.widgets.overlay import Overlay
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit

_WIDEST, _LEAST = 380, 180
"""Pixels at the usual size of text. In a narrower plot, it lies over the names of the lines, too.
"""

_MOST = 0.6
"""The share of the plot's height up to which it explains more than the key."""

_LEARNS: dict[DataKind, str] = {"names": "spell", "text": "write", "melodies": "improvise"}
"""What a network learns to do, by its data."""


class OpeningSentence(Overlay):
    """Lies over the middle of the plot until the run makes its first step.

    The mouse reaches the plot through it. In a low plot, only its first line is shown, as wide as
    it needs. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    actions : Actions
        It names the key of `train`.
    parent : QWidget
    over : QWidget
        The part of the parent in which the curves are drawn.
    """

    def __init__(self, session: Session, actions: Actions, parent: QWidget, over: QWidget) -> None:
        super().__init__(
            parent, Qt.AlignmentFlag.AlignCenter, radius=RADIUS, over=over, least_within=_LEAST
        )
        self._session, self._train = session, actions.train
        self._unit = Unit.NATS_PER_NAME
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._first, self._rest = QLabel(), QLabel()
        self._first.setProperty("role", "heading")
        self._rest.setProperty("role", "faint")
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE)
        for label in (self._first, self._rest):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            layout.addWidget(label)
        session.run_begun.connect(self._write)
        session.racing.begun.connect(self._write)
        session.racing.ended.connect(self._write)
        session.progress_told.connect(self._leave)

    @property
    def message(self) -> str:
        """All that it says."""
        return f"{self._first.text()} {self._rest.text()}"

    def show_unit(self, unit: Unit) -> None:
        """Write losses in another unit."""
        self._unit = unit
        if not self.isHidden():
            self._write()

    @Slot()
    def _leave(self) -> None:
        if self._session.steps_made and not self.isHidden():
            self.hide()

    @Slot()
    def _write(self) -> None:
        session, corpus = self._session, self._session.corpus
        if corpus is None or session.steps_made or session.racing.is_on:
            self.hide()
            return
        key = self._train.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tells = session.run.tells
        learns = (
            f"tell the kind of a {DATA_NOUNS[corpus.kind].example}"
            if tells
            else _LEARNS[corpus.kind]
        )
        self._first.setText(f"Press {key} and watch it learn to {learns}.")
        unit, count = self._unit, corpus.n_kinds if tells else len(corpus.vocabulary)
        guessing = unit.write(session.guessing_loss(unit))
        sentences = [
            f"Now it takes all {count:,} {'kinds' if tells else 'symbols'} for equally likely: "
            f"{guessing} {unit.label(session.kind)}."
        ]
        if session.recipe.holds_out:
            lines = "counting symbols can do"
            if tells:
                lines = "the largest kind, told of each, and counting symbols can do"
            side = "Above" if unit.is_accuracy else "Below"
            sentences += [
                f"The dashed lines are what {lines}.",
                f"{side} them, it has learned more than counting.",
            ]
        self._rest.setText("\n".join(sentences))
        self.setAccessibleName(self.message)
        self.show()
        self.settle()

    def size_within(self, width: int, height: int) -> QSize:
        """Return the room of all sentences, or in a low plot that of the first one."""
        layout = self.layout()
        assert layout is not None
        width = min(self.width_of(_WIDEST), width)
        self._rest.show()
        layout.setContentsMargins(4 * SPACE, 3 * SPACE, 4 * SPACE, 3 * SPACE)
        layout.activate()
        needed = layout.totalHeightForWidth(width)
        if needed > _MOST * height:
            self._rest.hide()
            layout.setContentsMargins(4 * SPACE, 2 * SPACE, 4 * SPACE, 2 * SPACE)
            layout.activate()
            margins = layout.contentsMargins()
            line = self._first.fontMetrics().horizontalAdvance(self._first.text()) + SPACE
            width = min(line + margins.left() + margins.right(), width)
            needed = layout.totalHeightForWidth(width)
        return QSize(width, needed)

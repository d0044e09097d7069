"""The legend of the loss plot: what each line is, and on how much it was measured."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from dinogui.common.theme import LIGHT, Colours
from dinogui.panels.loss.baseline_words import WRITING, BaselineWords
from dinogui.panels.loss.readout import written
from engine.data.training_data import DataKind
from engine.evaluation.held_out.size import MAX_SYMBOLS, HeldOutSize
from engine.evaluation.units import Unit
from engine.training.messages import HeldOutLoss

_GAP, _GAP_TEXT = "&nbsp;&nbsp; ", "\u00a0\u00a0 "
_CURVES = 2
"""Entries: the curve of the training and that of what is held out."""

_NOT_HELD_OUT = "nothing is held out, so nothing is told"

_SLACK = 2
"""Pixels by which a label may be wider than its text."""


class _Entry(NamedTuple):
    colour: str
    sign: str
    text: str


class LegendRun(NamedTuple):
    """Another run: its colour, its title, and what is said of it besides."""

    colour: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class LegendContent:
    """What the legend describes.

    Attributes
    ----------
    kind : str
        The kind of data: "names" or "text".
    unit : Unit
    shows_raw : bool
        Whether the loss of each step is drawn.
    guessing : float or None
        The loss of guessing in that unit; None if it is unknown.
    held_out : HeldOutSize or None
        How much the held-out curve is measured on; None if there is none.
    held_out_since : int
        The step from which on it is; before, an earlier version measured the beginning.
    full_held_out : HeldOutLoss or None
        The loss on everything that is held out. If it is there, the n-gram lines are those of
        everything too.
    measured_share : float or None
        How far the measurement of everything is.
    has_n_grams : bool
        Whether the lines of n-gram models are drawn.
    has_spikes : bool
        Whether peaks of the loss are marked.
    runs : tuple of LegendRun
        Other runs that are drawn.
    is_race : bool
        Whether these are the lanes of a race, beside which no run is drawn.
    words : BaselineWords
        What the baselines are called.
    """

    kind: DataKind = "names"
    unit: Unit = Unit.NATS_PER_NAME
    shows_raw: bool = True
    guessing: float | None = None
    held_out: HeldOutSize | None = None
    held_out_since: int = 0
    full_held_out: HeldOutLoss | None = None
    measured_share: float | None = None
    has_n_grams: bool = False
    has_spikes: bool = False
    runs: tuple[LegendRun, ...] = ()
    is_race: bool = False
    words: BaselineWords = WRITING


class Legend(QLabel):
    """Names the lines in colour: in one row as many of them as fit, what matters most first.

    A tooltip says everything: all entries, and on how much each line was measured.

    Attributes
    ----------
    details : str
        What the tooltip says, as HTML.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = LegendContent()
        self._colours: Colours | None = None
        self._room, self._side = 0, Qt.AlignmentFlag.AlignLeft
        self.details = ""
        self.setProperty("role", "faint")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_colours(self, colours: Colours) -> None:
        """Write in other colours."""
        self._colours = colours
        self._write()

    def show_content(self, content: LegendContent) -> None:
        """Describe something else."""
        self._content = content
        self._write()

    def show_within(self, width: int, *, is_beside: bool) -> None:
        """Show what fits into a width in pixels.

        Parameters
        ----------
        width : int
        is_beside : bool
            Whether it stands to the right of something else, at the right edge.
        """
        side = Qt.AlignmentFlag.AlignRight if is_beside else Qt.AlignmentFlag.AlignLeft
        if (width, side) != (self._room, self._side):
            self._room, self._side = width, side
            self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            # The width must not keep the head from becoming narrower.
            policy = QSizePolicy.Policy.Maximum if is_beside else QSizePolicy.Policy.Ignored
            self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
            self.updateGeometry()
        self._write()

    def sizeHint(self) -> QSize:
        """Return the room that it was given: entries that come and go move nothing."""
        return QSize(self._room, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line, and no width."""
        return QSize(0, self.fontMetrics().height())

    @property
    def least_width(self) -> int:
        """The width of the entries that nearly every run has."""
        return self._width_of(self._usual_entries())

    @property
    def width_of_curves(self) -> int:
        """The width of the entries of the run's own curves."""
        return self._width_of(self._usual_entries()[:_CURVES])

    def _usual_entries(self) -> list[_Entry]:
        always = replace(
            self._content,
            shows_raw=True,
            full_held_out=None,
            measured_share=None,
            has_spikes=False,
            runs=(),
            is_race=False,
        )
        return _short_entries(always, LIGHT)

    def _width_of(self, entries: Sequence[_Entry]) -> int:
        metrics = self.fontMetrics()
        texts = (f"{entry.sign}\u00a0{entry.text}" for entry in entries)
        gaps = (len(entries) - 1) * metrics.horizontalAdvance(_GAP_TEXT)
        return sum(map(metrics.horizontalAdvance, texts)) + gaps + _SLACK

    def _write(self) -> None:
        if self._colours is None:
            return
        entries = _short_entries(self._content, self._colours)
        while len(entries) > 1 and self._width_of(entries) > self._room:
            entries.pop()
        text = _GAP.join(_entry(entry.colour, entry.sign, entry.text) for entry in entries)
        if text != self.text():
            self.setText(text)
        self.details = _html(self._content, self._colours)
        self.setToolTip(self.details.replace(_GAP, "<br>"))


def _short_entries(content: LegendContent, colours: Colours) -> list[_Entry]:
    """Return the entries in few words, what matters most first."""
    if content.is_race:
        lanes = [_Entry(run.colour, "━", run.title) for run in content.runs]
        return lanes or [_Entry(colours.faint_text, "", "no lane is shown")]
    entries, is_accuracy = [], content.unit.is_accuracy
    if not is_accuracy:
        entries.append(_Entry(colours.smoothed, "━", "training"))
    if content.held_out is not None:
        entries.append(_Entry(colours.held_out, "━", _held_out(content)))
    elif is_accuracy:
        entries.append(_Entry(colours.faint_text, "", _NOT_HELD_OUT))
    if content.shows_raw and not is_accuracy:
        entries.append(_Entry(colours.raw, "■", "middle half, 80\u00a0%"))
    whole = _whole_texts(content, "on all")
    entries += [_Entry(colours.held_out, "◆", text) for text in whole]
    if content.has_spikes and not is_accuracy:
        entries.append(_Entry(colours.error, "▼", "peak"))
    entries += [_Entry(run.colour, "━", run.title) for run in content.runs]
    return entries


def _whole_texts(content: LegendContent, when: str) -> list[str]:
    """Return the loss on everything that is held out, and how far its measurement is."""
    texts, full = [], content.full_held_out
    if full is not None:
        texts.append(f"{written(content.unit.base_of(full), content.unit)} {when}")
    if content.measured_share is not None:
        texts.append(f"measuring, {content.measured_share:.0%}")
    return texts


def _html(content: LegendContent, colours: Colours) -> str:
    """Write all entries in full."""
    if content.is_race:
        return _GAP.join(_run_entry(run) for run in content.runs)
    entries, is_accuracy = [], content.unit.is_accuracy
    if not is_accuracy:
        entries.append(_entry(colours.smoothed, "━", "training, smoothed"))
    elif content.held_out is None:
        entries.append(_entry(colours.faint_text, "", _NOT_HELD_OUT))
    if content.shows_raw and not is_accuracy:
        each = "each step" if content.kind != "names" else "each name"
        entries.append(_entry(colours.raw, "■", f"{each}: middle half and 80&nbsp;%"))
    if content.guessing is not None:
        cost = content.unit.write(content.guessing)
        entries.append(_entry(colours.guessing, "╌", f"{content.words.floor_in_full} {cost}"))
    if content.held_out is not None:
        entries += _held_out_entries(content, content.held_out, colours)
    if is_accuracy and content.held_out is not None:
        entries.append(_entry(colours.good, "○", "best: the network with the lowest loss"))
    if content.has_spikes and not is_accuracy:
        entries.append(_entry(colours.error, "▼", "peak of the loss"))
    entries += [_run_entry(run) for run in content.runs]
    return _GAP.join(entries)


def _run_entry(run: LegendRun) -> str:
    from html import escape  # here, because it is slow to import and seldom needed

    note = f" ({run.note})" if run.note else ""
    return _entry(run.colour, "━", f"{escape(run.title)}, held out dashed{note}")


def _held_out_entries(content: LegendContent, size: HeldOutSize, colours: Colours) -> list[str]:
    """Write one entry for what is measured on a part of the data, and one for what is on all."""
    part, full = [_entry(colours.held_out, "━", _held_out(content))], content.full_held_out
    when = "" if full is None else f"at step {full.step:,}"
    whole = [_entry(colours.held_out, "◆", text) for text in _whole_texts(content, when)]
    if content.has_n_grams:
        (part if full is None else whole).append(
            _entry(colours.guessing, "╌", content.words.n_grams)
        )
    if size.is_whole:
        return [f"{', '.join(part + whole)}: {size.describe()}"]
    entries = [f"{', '.join(part)}: {size.describe()}"]
    if content.held_out_since:
        entries[0] += f" (before step {content.held_out_since:,}: the first {MAX_SYMBOLS:,})"
    if whole:
        entries.append(f"{', '.join(whole)}: {size.describe(in_full=True)}")
    return entries


def _held_out(content: LegendContent) -> str:
    """Name the held-out curve. The training has no accuracy, so that it is the only one."""
    return "held out only" if content.unit.is_accuracy else "held out"


def _entry(colour: str, sign: str, text: str) -> str:
    """Write an entry with its sign in colour."""
    return f'<span style="color:{colour}">{sign}</span>&nbsp;{text}'

"""The legend of the loss plot: what each line is, and on how much it was measured."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from dinogui.common.theme import Colours
from dinogui.panels.loss.readout import base_nats, written
from engine.data.training_data import DataKind
from engine.evaluation.held_out import MAX_SYMBOLS, HeldOutSize
from engine.evaluation.units import Unit
from engine.training.messages import HeldOutLoss

_LONGEST_GUESSING, _LONGEST_SHARE = 8_888.0, 0.88
_LONGEST_FIGURE = HeldOutLoss(88_888_888, 888.888, 8.888)
_GAP = "&nbsp;&nbsp; "


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


class Legend(QLabel):
    """Writes a `LegendContent` in colour, and always takes the room of the longest one.

    So nothing below it moves when an entry appears.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = LegendContent()
        self._colours: Colours | None = None
        self._longest = ""
        # This label cannot measure itself: a fixed height is the least that it says it needs.
        self._measure = QLabel(self)
        self._measure.hide()
        for label in (self, self._measure):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def show_colours(self, colours: Colours) -> None:
        """Write in other colours."""
        self._colours = colours
        self._write()

    def show_content(self, content: LegendContent) -> None:
        """Describe something else."""
        self._content = content
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reserve the room for the new width."""
        super().resizeEvent(event)
        self._reserve_room()

    def changeEvent(self, event: QEvent) -> None:
        """Reserve the room for another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._reserve_room()

    def _write(self) -> None:
        if self._colours is None:
            return
        self.setText(_html(self._content, self._colours))
        longest = replace(
            self._content,
            unit=Unit.PERPLEXITY,
            shows_raw=True,
            guessing=_LONGEST_GUESSING,
            full_held_out=_LONGEST_FIGURE,
            measured_share=_LONGEST_SHARE,
            has_n_grams=True,
            has_spikes=True,
        )
        self._longest = _html(longest, self._colours)
        self._reserve_room()

    def _reserve_room(self) -> None:
        if not self._longest:
            return
        height = max(map(self._height_of, (self.text(), self._longest)))
        if height != self.height():
            self.setFixedHeight(height)

    def _height_of(self, html: str) -> int:
        self._measure.setFont(self.font())
        self._measure.setText(html)
        return self._measure.heightForWidth(self.width())


def _html(content: LegendContent, colours: Colours) -> str:
    """Write all entries."""
    entries = [_entry(colours.smoothed, "━", "smoothed")]
    if content.shows_raw:
        each = "each step" if content.kind == "text" else "each name"
        entries.append(_entry(colours.raw, "■", f"{each}: middle half and 80&nbsp;%"))
    if content.guessing is not None:
        cost = content.unit.write(content.guessing)
        entries.append(_entry(colours.guessing, "╌", f"guessing {cost}"))
    if content.held_out is not None:
        entries += _held_out_entries(content, content.held_out, colours)
    if content.has_spikes:
        entries.append(_entry(colours.error, "▼", "peak of the loss"))
    return _GAP.join(entries)


def _held_out_entries(content: LegendContent, size: HeldOutSize, colours: Colours) -> list[str]:
    """Write one entry for what is measured on a part of the data, and one for what is on all."""
    part, whole = [_entry(colours.held_out, "━", "held out")], []
    full = content.full_held_out
    if full is not None:
        cost = written(base_nats(content.unit, full), content.unit)
        whole.append(_entry(colours.held_out, "◆", f"{cost} at step {full.step:,}"))
    if content.measured_share is not None:
        measuring = f"measuring, {content.measured_share:.0%}"
        whole.append(_entry(colours.held_out, "◆", measuring))
    if content.has_n_grams:
        (part if full is None else whole).append(_entry(colours.guessing, "╌", "n-grams"))
    if size.is_whole:
        return [f"{', '.join(part + whole)}: {size.describe()}"]
    entries = [f"{', '.join(part)}: {size.describe()}"]
    if content.held_out_since:
        entries[0] += f" (before step {content.held_out_since:,}: the first {MAX_SYMBOLS:,})"
    if whole:
        entries.append(f"{', '.join(whole)}: {size.describe(in_full=True)}")
    return entries


def _entry(colour: str, sign: str, text: str) -> str:
    """Write an entry with its sign in colour."""
    return f'<span style="color:{colour}">{sign}</span>&nbsp;{text}'

"""The sentence about a change of the network's size."""

from PySide6.QtCore import QElapsedTimer

from dinogui.common.words import units_text
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.training.messages import ResizeCost, ResizeReport

_ONE_DRAG_MILLISECONDS = 1_500
_FEW_DECIMALS, _MANY_DECIMALS = 2, 3
"""Of a loss per name and of a perplexity; of a loss per character, which is smaller."""


class ResizeSummary:
    """Describes all resizes of one drag of the slider in one sentence.

    The sentence names the step, and stays true while the training goes on.

    Parameters
    ----------
    kind : str
        What the network is trained on: "names" or "text".
    unit : Unit
        The unit of the losses. It can be set at any time.
    """

    def __init__(self, kind: DataKind = "names", unit: Unit = Unit.NATS_PER_NAME) -> None:
        self.unit = unit
        self._kind = kind
        self._reports: list[ResizeReport] = []
        self._since = QElapsedTimer()

    def add(self, report: ResizeReport) -> None:
        """Add a report. It begins a new sentence if it does not belong to the drag before."""
        going_down = _is_narrower(report)
        if self._reports:
            went_down = _is_narrower(self._reports[-1])
            recent = self._since.elapsed() < _ONE_DRAG_MILLISECONDS
            if not (recent and went_down == going_down):
                self._reports.clear()
        self._reports.append(report)
        self._since.start()

    @property
    def sentence(self) -> str:
        """A sentence about everything since the drag began; empty if nothing was resized."""
        if not self._reports:
            return ""
        report = self._reports[-1]
        before, after = self._reports[0].widths_before, report.widths_after
        units = f"At step {report.step:,}, {units_text(before)} → {units_text(after)} units"
        forgotten = any(each.is_forgotten for each in self._reports)
        if report.cost is None:
            if forgotten:
                return (
                    f"{units}: the removed units are no longer known, so undo has added new ones, "
                    "which can learn."
                )
            return f"{units}: at first it computed the same; the new units can learn."
        sentence = f"{units}: it {self._change()} {self._result(report.cost)}."
        if forgotten:
            sentence += " What this undid was no longer known, so the rest was fitted to it."
        return sentence

    def _change(self) -> str:
        costs = [report.cost for report in self._reports if report.cost is not None]
        change = sum(self._in_unit(c.after, c) - self._in_unit(c.before, c) for c in costs)
        rises, size = change > 0, self._write(abs(change))
        if not float(size.replace(",", "")):
            return "changed nothing that shows"
        if self.unit is Unit.PERPLEXITY:
            return f"{'raised' if rises else 'lowered'} the perplexity by {size}"
        return f"{'cost' if rises else 'gained'} {size} {self.unit.label(self._kind)}"

    def _result(self, cost: ResizeCost) -> str:
        part = "held-out" if cost.held_out else "training"
        now = self._write(self._in_unit(cost.after, cost))
        if self.unit is Unit.PERPLEXITY:
            return f"on {part} {self._kind}, to {now}"
        return f"on {part} {self._kind} (then {now})"

    def _in_unit(self, nats: float, cost: ResizeCost) -> float:
        return self.unit.of(nats, cost.characters)

    def _write(self, value: float) -> str:
        is_small = self.unit in (Unit.NATS_PER_CHARACTER, Unit.BITS_PER_CHARACTER)
        decimals = _MANY_DECIMALS if is_small else _FEW_DECIMALS
        return f"{value:,.{decimals}f}" if value < 1e6 else f"{value:.3g}"


def _is_narrower(report: ResizeReport) -> bool:
    return sum(report.widths_after) < sum(report.widths_before)

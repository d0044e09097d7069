"""The sentence about a change of the network's size."""

from PySide6.QtCore import QElapsedTimer

from dinogui.common.words import units_text
from engine.training.messages import ResizeReport

_ONE_DRAG_MILLISECONDS = 1_500
_UNSEEN = 0.005
"""Nats per name below which two decimals show no change."""


class ResizeSummary:
    """Describes all resizes of one drag of the slider in one sentence.

    Parameters
    ----------
    counted, data : str
        What a loss is given for, and what it is measured on: "name" and "names".
    """

    def __init__(self, counted: str = "name", data: str = "names") -> None:
        self._counted, self._data = counted, data
        self._reports: list[ResizeReport] = []
        self._since = QElapsedTimer()

    def describe(self, report: ResizeReport) -> str:
        """Add a report, and return a sentence about everything since the drag began."""
        going_down = _is_narrower(report)
        if self._reports:
            went_down = _is_narrower(self._reports[-1])
            recent = self._since.elapsed() < _ONE_DRAG_MILLISECONDS
            if not (recent and went_down == going_down):
                self._reports.clear()
        self._reports.append(report)
        self._since.start()
        before, after = self._reports[0].widths_before, report.widths_after
        units = f"{units_text(before)} → {units_text(after)} units"
        if report.cost is None:
            return f"{units}: the network computes the same as before; the new units can learn."
        costs = [r.cost for r in self._reports if r.cost is not None]
        change = sum(cost.after - cost.before for cost in costs)
        part = "held-out" if report.cost.held_out else "training"
        return (
            f"{units}: it {self._change(change)} on {part} {self._data}, which now "
            f"{'costs' if self._data == 'text' else 'cost'} {report.cost.after:.2f}."
        )

    def _change(self, nats: float) -> str:
        if abs(nats) < _UNSEEN:
            return "changes nothing that shows"
        kind = "costs" if nats > 0 else "gains"
        return f"{kind} {abs(nats):.2f} nats per {self._counted}"


def _is_narrower(report: ResizeReport) -> bool:
    return sum(report.widths_after) < sum(report.widths_before)

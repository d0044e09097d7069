"""The widget of the step's arithmetic panel: one training step, equation by equation."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.colour_scale import ColourScale
from dinogui.panels.insight.frame.colours import reach_of
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import NameChoice, Reading
from dinogui.panels.insight.frame.notation import write_number, write_symbols
from dinogui.panels.insight.steps.single_steps import SingleStep, SingleSteps
from dinogui.panels.panel import Panel
from dinogui.session.ablation.units_off import units_off_in_words
from dinogui.session.background import Work
from dinogui.session.session import Session
from dinogui.widgets.tables.column_widths import ColumnWidths
from engine.data.visible_symbols import joined
from engine.insight import STAGES, Arithmetic, Line, arithmetic
from engine.nn.parameters import Array
from engine.training.messages import Snapshot
from engine.training.settings import Hyperparameters

_COLUMNS = ("equation", "shape", "numbers")
_NUMBERS_SHOWN = 4
_NUMBERS_COPIED = 20_000
"""The most numbers of a line to copy: all of them up to 140 units. (512 units have 30 million.)"""

_LINE_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class _StepRequest:
    """A step to show: made already if `made` is its result, else only computed."""

    before: Snapshot
    reading: Reading
    hyperparameters: Hyperparameters
    epoch: float
    made: Snapshot | None


@dataclass(frozen=True)
class _Result:
    request: _StepRequest
    letters: str
    found: Arithmetic
    is_the_networks: bool


class StepsPanel(InsightPanel):
    """Lists the latest single step, or what a step on a name would do.

    At first, and for another name, it lists what a step would do. It makes no steps itself: those
    come from the window's Step. While units are off, it lists what the step would be without them.
    Lives in the GUI thread.
    """

    leaves_units_out = True

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.compute_button = QPushButton("Compute a step")
        self.compute_button.setAccessibleName("Compute a step")
        self.compute_button.setToolTip(
            "See what a step on this name would do to the network as it is now. The network does "
            "not change. A step that it makes (Step, F8) is listed here by itself"
        )
        self.result: _Result | None = None
        self._request: _StepRequest | None = None
        self.tree = _make_tree()
        self.map = HeatMap("The numbers of the selected line")
        self.scale = ColourScale(self.map)
        right = QWidget()
        layout = QVBoxLayout(right)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.map, 1)
        layout.addWidget(self.scale)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.tree)
        splitter.addWidget(right)
        splitter.setSizes([600, 300])
        picture = QHBoxLayout()
        picture.addWidget(splitter)
        self.watch(self.map)
        self.compute_button.clicked.connect(self.compute)
        self.choice.changed.connect(self.compute)
        self.tree.currentItemChanged.connect(self._show_line)
        session.run_begun.connect(self._forget)
        session.units_off.changed.connect(self.compute)
        session.past.reached.connect(self.compute)
        SingleSteps(session, self).made.connect(self._list_made)
        self.finish([self.name_box, self.compute_button], picture)

    @Slot()
    def compute(self) -> None:
        """Compute a step on the name in the box, without making it."""
        request = self._possible_step()
        if request is not None:
            self._list(request)

    def _possible_step(self) -> _StepRequest | None:
        """Return the step that the name in the box would make now. None if it cannot be read."""
        session, snapshot = self.session, self.session.viewed_snapshot
        if snapshot is None:
            return None
        reading = self.choice.reading(snapshot)
        if reading is None:
            self.say(self.choice.error)
            return None
        hyperparameters, epoch = session.viewed_hyperparameters, session.viewed_decay_epoch
        return _StepRequest(snapshot, reading, hyperparameters, epoch, None)

    @Slot(object)
    def _list_made(self, step: SingleStep) -> None:
        """List a step that the network has made, whatever is typed in the box.

        While somebody looks back, it is not a step of the network that is looked at.
        """
        if self.session.past.is_on:
            return
        reading = self.choice.latest(step.after)
        if reading is not None:
            blend = self.session.blend
            plain, after = (blend.taken_from(each) for each in (step.before, step.after))
            before = self.session.units_off.taken_from(plain)
            # Without some units, it is not the step that was made.
            made = after if before is plain else None
            self._list(
                _StepRequest(before, reading, self.session.hyperparameters, step.epoch, made)
            )

    @Slot()
    def _forget(self) -> None:
        """Drop what is listed: it belongs to another run."""
        self.result = self._request = None
        self.tree.clear()

    def _list(self, request: _StepRequest) -> None:
        self._request = request
        self.refresh_now()

    def work(self) -> Work | None:
        """Compute the requested step, once; at first, a possible one."""
        request, self._request = self._request, None
        if request is None and self.result is None:
            request = self._possible_step()
        if request is None:
            return None
        return lambda: _compute(request)

    def show_result(self, result: _Result) -> None:
        """List the step."""
        if self._request is not None:  # another one was requested in the meantime
            return
        self.result = result
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        stages = [_stage_item(stage, result.found.lines) for stage in STAGES]
        self.tree.addTopLevelItems(stages)
        self.tree.setUpdatesEnabled(True)
        stages[0].setExpanded(True)
        first = _first_equation(stages[0])
        if first is not None:
            self.tree.setCurrentItem(first)
        self.say_not_finite(result.found.not_finite, "all numbers of the step")

    def _heading_of(self, result: _Result) -> str:
        """Say which step it is."""
        request = result.request
        text = f"“{result.letters}”, loss {write_number(result.found.loss)} nats: "
        off = len(request.before.units_off)
        if off:
            return (
                f"{text}what a step from {request.before.step:,} would do with "
                f"{units_off_in_words(off)}. The training has all units."
            )
        if request.made is None:
            return text + f"what a step from {request.before.step:,} would do; nothing has changed."
        if result.is_the_networks:
            return text + f"step {request.made.step:,}, as the network made it."
        return (
            text
            + "this alone, from a zero state. The network's own step had more to it: others in its "
            "batch, a carried state, the name's kind, dropout, or an optimiser with a memory."
        )

    @Slot()
    def _show_line(self) -> None:
        """Draw the numbers of the selected line."""
        line = self.line
        if line is None or self.result is None:
            return
        cells = _cells(line.value)
        reach = reach_of(cells)
        self.map.show_cells(self.maps.diverging(cells, reach))
        table = self.maps.diverging_table
        self.scale.show_scale(table, f"{-reach:.3g}", f"{reach:.3g}", line.symbol)
        self.summarise(self._heading_of(self.result))

    @property
    def line(self) -> Line | None:
        """The selected line."""
        item = self.tree.currentItem()
        return _line_of(item) if item is not None else None

    def describe(self, row: int, column: int) -> str:
        """Describe an entry of the selected line."""
        line = self.line
        if line is None:
            return ""
        cells = _cells(line.value)
        if row >= cells.shape[0] or column >= cells.shape[1]:
            return ""
        place = {0: "", 1: f"[{row}]"}.get(line.value.ndim, f"[{row}, {column}]")
        return f"{line.symbol}{place} = {write_number(float(cells[row, column]))}"

    def show_nothing(self) -> None:
        """Keep the listed step; without one, say how to get one."""
        if self.result is None:
            self.map.show_cells(self.maps.diverging(np.zeros((1, 1)), 1.0))
            self.summarise("Press Step (F8) to make one step and see its whole arithmetic here.")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.map.show_colours(colours)

    def draw_again(self) -> None:
        """Draw the selected line again; the list of lines stays as it is."""
        self.show_nothing()
        self._show_line()

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each line of the step, with its numbers."""
        lines = self.result.found.lines if self.result is not None else ()
        return [
            ["stage", "t", "layer", "symbol", "equation", "shape", "numbers"],
            *(
                [
                    line.stage,
                    line.step or "",
                    line.layer or "",
                    line.symbol,
                    line.equation,
                    _shape(line),
                    *_numbers_copied(line.value),
                ]
                for line in lines
            ),
        ]


def _compute(request: _StepRequest) -> _Result:
    reading, vocabulary = request.reading, request.before.vocabulary
    found = arithmetic(
        request.before,
        reading.predicted,
        request.hyperparameters,
        epoch=request.epoch,
        first=reading.first,
    )
    letters = joined(write_symbols(vocabulary, reading.symbols))
    return _Result(request, letters, found, _is_same(found, request.made))


def _is_same(found: Arithmetic, made: Snapshot | None) -> bool:
    """Whether the computed step led to the network's own new parameters."""
    if made is None or made.parameters.flat.shape != found.after.flat.shape:
        return False
    moved = np.abs(found.after.flat - found.before.flat).max()
    apart = np.abs(made.parameters.flat - found.after.flat).max()
    # Relative to the update: relative to the weights, any two steps would look the same.
    return bool(apart <= 1e-3 * moved + np.finfo(found.after.flat.dtype).eps)


def _make_tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(_COLUMNS))
    for column, title in enumerate(_COLUMNS):  # which is cut where the column is narrow
        tree.headerItem().setToolTip(column, title)
    tree.setUniformRowHeights(True)
    letter = tree.fontMetrics().averageCharWidth()
    ColumnWidths(tree.header(), "steps").use_letters({0: 36, 1: 10})
    tree.setMinimumWidth(20 * letter)
    tree.setAccessibleName("The equations of the step")
    tree.setToolTip("Select a line to see its numbers")
    return tree


def _stage_item(stage: str, lines: Iterable[Line]) -> QTreeWidgetItem:
    """Return the tree item of a stage, with its steps and their lines."""
    top = QTreeWidgetItem([stage])
    parents: dict[int | None, QTreeWidgetItem] = {None: top}
    for line in lines:
        if line.stage != stage:
            continue
        if line.step not in parents:
            parents[line.step] = QTreeWidgetItem(top, [f"t = {line.step}"])
        item = QTreeWidgetItem(
            parents[line.step], [line.equation, _shape(line), _write_numbers(line.value)]
        )
        item.setData(0, _LINE_ROLE, line)
        item.setToolTip(0, line.equation)
    return top


def _first_equation(forward: QTreeWidgetItem) -> QTreeWidgetItem | None:
    """Return the first computed line: the line before it is the input."""
    step = forward.child(0)
    return step.child(1) if step is not None else None


def _line_of(item: QTreeWidgetItem) -> Line | None:
    found: Line | None = item.data(0, _LINE_ROLE)
    return found


def _shape(line: Line) -> str:
    return " × ".join(map(str, line.shape)) or "number"


def _write_numbers(value: Array) -> str:
    # `flat` does not copy; `reshape` would copy a million numbers of a transposed array.
    first = [write_number(float(number)) for number in value.flat[:_NUMBERS_SHOWN]]
    return "  ".join(first) + (" …" if value.size > _NUMBERS_SHOWN else "")


def _numbers_copied(value: Array) -> list[float | str]:
    left_out = value.size - _NUMBERS_COPIED
    more = [f"and {left_out:,} more"] if left_out > 0 else []
    return [*value.flat[:_NUMBERS_COPIED].tolist(), *more]


def _cells(value: Array) -> Array:
    """Return numbers as rows and columns: a vector is a column, as in the course."""
    return value.reshape(len(value) if value.ndim else 1, -1)

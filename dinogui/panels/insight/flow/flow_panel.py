"""The widget of the Gradient flow panel: the size of the gradient at each letter."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.colour_scale import ColourScale
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import NameChoice, Reading
from dinogui.panels.insight.frame.notation import write_number, write_symbols
from dinogui.panels.panel import Panel
from dinogui.session.background import Work
from dinogui.session.session import Session
from engine.data.training_data import counted
from engine.insight import Flow, flow
from engine.nn.parameters import Array
from engine.training.messages import Snapshot

_LEAST_DECADES, _MOST_DECADES = 3, 10
"""The range of the colour scale, in powers of ten."""

_MOST_KEPT = 3
_VANISHED = 0.01
"""The share of a gradient below which the summary calls it vanished."""


@dataclass(frozen=True)
class _Strip:
    """A row of the picture: (T,) norm of one gradient at each letter, in nats."""

    network: str
    symbol: str
    layer: int
    whose: str
    of_last: bool
    norm: Array

    @property
    def ratio(self) -> float:
        """The size at the first letter, relative to that at the last."""
        with np.errstate(all="ignore"):
            return float(self.norm[0] / self.norm[-1])

    @property
    def title(self) -> str:
        return (
            f"{self.network}{self.symbol}{', last letter' if self.of_last else f', {self.whose}'}"
        )


@dataclass(frozen=True)
class _Result:
    letters: list[str]
    strips: list[_Strip]
    not_finite: int


class FlowPanel(InsightPanel):
    """Shows the size of the gradient at each letter, for this network and the kept ones.

    While there is a race, it shows that of the last letter's loss for each lane, on the same name.

    Lives in the GUI thread.
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.keep_button = QPushButton("Keep to compare")
        self.keep_button.setAccessibleName("Keep this network to compare")
        self.keep_button.setToolTip(
            "Keep the network as it is now, to compare it with others (a GRU, an LSTM) on the same "
            f"name. At most {_MOST_KEPT} are kept"
        )
        self.forget_button = QPushButton("Forget kept")
        self.forget_button.setAccessibleName("Forget the kept networks")
        self.forget_button.setToolTip("Show only the current network")
        self.result: _Result | None = None
        self._kept: list[tuple[str, Snapshot]] = []
        self.map = HeatMap("Size of the gradient at each letter")
        self.scale = ColourScale(self.map)
        picture = QVBoxLayout()
        picture.addWidget(self.map, 1)
        picture.addWidget(self.scale)
        self.watch(self.map)
        self.keep_button.clicked.connect(self._keep)
        self.forget_button.clicked.connect(self._forget)
        self.choice.changed.connect(self.refresh_now)
        racing = session.racing
        racing.progressed.connect(self.refresh)
        for change in (racing.begun, racing.ended):
            change.connect(self._show_race)
        self.finish([self.name_box, self.keep_button, self.forget_button], picture)
        self._forget()

    def work(self) -> Work | None:
        """Backpropagate through the chosen name, with this network and the kept ones."""
        snapshot = self.session.viewed_whole_snapshot
        assert snapshot is not None  # the base class calls this only with a snapshot
        reading = self.choice.reading(snapshot)
        if reading is None:
            self.say(self.choice.error)
            return None
        lanes, what = self._lanes(snapshot), self.choice.what
        if lanes:
            return lambda: _compute(lanes, reading, what, only_last=True)
        # A network that reads other symbols cannot read this name.
        kept = [(title, one) for title, one in self._kept if one.vocabulary == snapshot.vocabulary]
        networks = [(f"{_title(snapshot)}: " if kept else "", snapshot), *kept]
        return lambda: _compute(networks, reading, what)

    def _lanes(self, snapshot: Snapshot) -> list[tuple[str, Snapshot]]:
        """Return the networks of a race; none if there is no race, or they are not known yet."""
        return [
            (f"{lane.title}: ", Snapshot(lane.step, plain, snapshot.vocabulary, None))
            for lane in self.session.racing.lanes
            if lane.parameters is not None
            and (plain := self.session.blend.plain(lane.parameters)).architecture.task == "write"
        ]

    def show_result(self, result: _Result) -> None:
        """Draw a row for each gradient."""
        self.result = result
        norms = np.array([strip.norm for strip in result.strips])
        low, high = _decades_of(norms)
        names = [strip.title for strip in result.strips]
        pixels = self.maps.logarithmic(norms, 10.0**low, 10.0**high)
        self.map.show_cells(pixels, names, result.letters)
        self.scale.show_scale(
            self.maps.one_sided, f"1e{low}", f"1e{high}", "size of the gradient, nats, logarithmic"
        )
        self.summarise(self._summary_of(result))
        self.say_not_finite(result.not_finite, "the gradient's entries")

    def _summary_of(self, result: _Result) -> str:
        """Say how large the last letter's gradient is at the first letter, for each network."""
        lowest: dict[str, _Strip] = {}
        for strip in result.strips:
            if strip.of_last and strip.layer == 1:
                lowest.setdefault(strip.network, strip)
        own, *kept = lowest.values()
        if self.session.racing.is_on:
            return _of_lanes(list(lowest.values()))
        words = _in_words(own.symbol, own.ratio, len(own.norm) - 1)
        return "  ·  ".join([words, *(f"{one.network}{write_number(one.ratio)}" for one in kept)])

    def describe(self, row: int, column: int) -> str:
        """Describe the size at a letter."""
        if self.result is None or row >= len(self.result.strips):
            return ""
        strip = self.result.strips[row]
        if column >= len(strip.norm):
            return ""
        whose = "the last letter's loss" if strip.of_last else f"the {strip.whose}'s loss"
        return (
            f"{strip.network}layer {strip.layer}, letter {column + 1} "
            f"“{self.result.letters[column]}”: ‖{strip.symbol}‖ of {whose} is "
            f"{write_number(float(strip.norm[column]))} nats"
        )

    def show_nothing(self) -> None:
        """Draw one empty cell."""
        self.result = None
        self.map.show_cells(self.maps.logarithmic(np.zeros((1, 1)), 1e-8, 1.0))
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.map.show_colours(colours)

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each gradient."""
        if self.result is None:
            return []
        return [
            ["gradient", "layer", *self.result.letters],
            *([strip.title, strip.layer, *strip.norm.tolist()] for strip in self.result.strips),
        ]

    @Slot()
    def _keep(self) -> None:
        snapshot = self.session.viewed_whole_snapshot
        if snapshot is not None:
            kept = (f"{_title(snapshot)} at {snapshot.step:,}: ", snapshot)
            self._kept = [*self._kept, kept][-_MOST_KEPT:]
            self.forget_button.setEnabled(True)
            self.refresh_now()

    @Slot()
    def _show_race(self) -> None:
        is_on = self.session.racing.is_on
        self.keep_button.setEnabled(not is_on)
        self.forget_button.setEnabled(bool(self._kept) and not is_on)
        self.refresh_now()

    @Slot()
    def _forget(self) -> None:
        self._kept = []
        self.forget_button.setEnabled(False)
        self.refresh_now()


def _decades_of(norms: Array) -> tuple[int, int]:
    """Return the powers of ten between which the sizes lie, as far as colours can show them."""
    sizes = norms[np.isfinite(norms) & (norms > 0)]
    if not sizes.size:
        return -_LEAST_DECADES, 0
    high = math.ceil(np.log10(sizes.max()))
    low = math.floor(np.log10(sizes.min()))
    return min(max(low, high - _MOST_DECADES), high - _LEAST_DECADES), high


def _in_words(symbol: str, ratio: float, back: int) -> str:
    """Say in a sentence how the size of a gradient changes on its way back.

    Parameters
    ----------
    symbol : str
        Of the gradient.
    ratio : float
        Its size at the first letter, relative to that at the last.
    back : int
        Number of letters between them.
    """
    if back == 0:
        return f"There is only one letter, so {symbol} has no way back."
    where = f"{counted(back, 'letter')} back"
    if not math.isfinite(ratio):
        return f"The sizes of {symbol} at the last letter and {where} cannot be compared."
    number = write_number(ratio)
    if ratio == 0:
        return f"It vanishes: nothing of the last letter's gradient is left {where} ({symbol})."
    if number == "1":
        return f"The last letter's gradient is as large {where} as at that letter ({symbol})."
    if ratio > 1:
        verb = "explodes" if ratio > 1 / _VANISHED else "grows"
        return (
            f"It {verb}: the last letter's gradient is {number} times as large {where} ({symbol})."
        )
    verb = "vanishes" if ratio < _VANISHED else "shrinks"
    return f"It {verb}: {number} of the last letter's gradient is left {where} ({symbol})."


def _of_lanes(strips: Sequence[_Strip]) -> str:
    """Say of each lane how much of the last letter's gradient is left at the first letter."""
    back = counted(len(strips[0].norm) - 1, "letter")
    shares = "  ·  ".join(f"{one.network}{write_number(one.ratio)}" for one in strips)
    return f"Share of the last letter's gradient that is left {back} back:  {shares}"


def _title(snapshot: Snapshot) -> str:
    architecture = snapshot.parameters.architecture
    return f"{architecture.cell.upper()} {'+'.join(map(str, architecture.widths))}"


def _compute(
    networks: Sequence[tuple[str, Snapshot]],
    reading: Reading,
    what: str,
    *,
    only_last: bool = False,
) -> _Result:
    strips, not_finite = list[_Strip](), 0
    for title, snapshot in networks:
        found = flow(snapshot, reading.predicted, first=reading.first)
        strips += [s for s in _strips(title, found, what) if s.of_last or not only_last]
        not_finite += found.not_finite
    return _Result(write_symbols(networks[0][1].vocabulary, reading.predicted), strips, not_finite)


def _strips(title: str, found: Flow, what: str) -> list[_Strip]:
    """Return the rows of one network, the highest layer on top."""
    count, strips = len(found.layers), []
    for of_last in (False, True):
        for layer in range(count, 0, -1):
            sizes = found.layers[layer - 1]
            index = f"[{layer}]" if count > 1 else ""
            da = sizes.da_of_last if of_last else sizes.da
            dc = sizes.dc_of_last if of_last else sizes.dc
            strips.append(_Strip(title, f"da{index}", layer, what, of_last, da.norm))
            if dc is not None:
                strips.append(_Strip(title, f"dc{index}", layer, what, of_last, dc.norm))
    return strips

"""What drives one hidden unit: the letters and the places in the data that move it most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from dinogui.panels.insight.frame.notation import write_number
from dinogui.panels.insight.frame.pacing import PacedTask
from dinogui.session.background import BackgroundThread, Work
from dinogui.session.session import Session
from engine.data.corpus import Corpus
from engine.data.text import Text, pieces_of
from engine.data.visible_symbols import visible
from engine.data.vocabulary import END
from engine.insight import Driver, Drivers, drivers
from engine.training.messages import Snapshot

_INVITATION = "Click a unit to see which letters and places in the data drive it most."
_WORK = 2 * 10**9
"""Number of multiplications to spend: about half a second."""

_SHARE = 0.02
"""Share of a processor's time for the search; more would slow the training."""

_PIECES, _PIECE_LENGTH = 4_000, 50
"""A text is sampled by this many pieces from all over it, of this many symbols each."""

_LETTERS, _PLACES = 5, 8
"""How many letters and places are listed in each direction."""


@dataclass(frozen=True)
class UnitRequest:
    """Which unit to show: its layer (from 1), its index (from 0) and one of its quantities."""

    layer: int
    unit: int
    quantity: str


@dataclass(frozen=True)
class _Result:
    request: UnitRequest
    counted: str
    step: int
    symbols: tuple[str, ...]
    found: Drivers


class UnitView(QTextBrowser):
    """Lists what drives a unit. The search runs in a thread of its own.

    Lives in the GUI thread.

    Attributes
    ----------
    request : UnitRequest or None
    result : _Result or None
        The latest.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.request: UnitRequest | None = None
        self.result: _Result | None = None
        self.setTabChangesFocus(True)
        self.setMinimumWidth(150)
        self.setAccessibleName("What drives the unit")
        self.setToolTip("The letters and places in the data where the unit is highest and lowest")
        # A thread of its own: the quick computations would have to wait for this one.
        thread = BackgroundThread.of(session.threads, "drivers")
        self._pace = PacedTask(thread, self, self._work, _SHARE)
        self._pace.done.connect(self._show)
        self._pace.failed.connect(self.setPlainText)
        self.setPlainText(_INVITATION)

    def choose(self, request: UnitRequest | None) -> None:
        """Show a unit from now on, or none."""
        if request is None:
            self.request = self.result = None
            self._pace.forget()
            self.setPlainText(_INVITATION)
        else:
            if request != self.request:
                self.setPlainText(f"Unit {request.unit}: searching the data…")
            self.request = request
            self._pace.want(at_once=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Search what is due: a view that is painted can be seen."""
        super().paintEvent(event)
        self._pace.go_on()

    @Slot()
    def refresh(self) -> None:
        """Search again as soon as it is due, because the network has learned."""
        if self.request is not None:
            self._pace.want()

    def table(self) -> Iterable[Iterable[object]]:
        """Return what is listed, as rows."""
        if self.result is None:
            return []
        found, request = self.result.found, self.result.request
        return [
            [],
            [f"unit {request.unit}", "read", "rest", "value"],
            *(["up", d.read, d.rest, d.activation] for d in found.up),
            *(["down", d.read, d.rest, d.activation] for d in found.down),
            [],
            ["symbol", "mean", "times"],
            *zip(
                map(visible, self.result.symbols),
                found.mean_by_symbol.tolist(),
                found.reads_by_symbol.tolist(),
                strict=True,
            ),
        ]

    def _work(self) -> Work | None:
        snapshot, corpus, request = self._session.snapshot, self._session.corpus, self.request
        if snapshot is None or corpus is None or request is None:
            return None
        widths = snapshot.parameters.architecture.widths
        if request.layer > len(widths) or request.unit >= widths[request.layer - 1]:
            self.choose(None)
            return None
        return lambda: _search(snapshot, corpus, request)

    @Slot(object)
    def _show(self, result: _Result) -> None:
        if result.request != self.request:
            return
        self.result = result
        place = self.verticalScrollBar().value()
        self.setHtml(_page(result))
        self.verticalScrollBar().setValue(place)


def _search(snapshot: Snapshot, corpus: Corpus | Text, request: UnitRequest) -> _Result:
    if isinstance(corpus, Text):
        names = pieces_of(corpus.symbols, _PIECES, _PIECE_LENGTH)
    else:
        names = snapshot.vocabulary.encode_all(corpus.distinct)
    found = drivers(snapshot, names, request.layer, request.unit, request.quantity, _PLACES, _WORK)
    counted = "pieces of the text" if isinstance(corpus, Text) else "names"
    return _Result(request, counted, snapshot.step, snapshot.vocabulary.symbols, found)


def _page(result: _Result) -> str:
    found, request = result.found, result.request
    read = f"{found.names_read:,} of {found.names_given:,} {result.counted}" + (
        f"; {found.not_finite:,} values are infinite or not a number" if found.not_finite else ""
    )
    up, down = _letters(result, -1), _letters(result, 1)
    return (
        f"<b>Unit {request.unit}</b> of layer {request.layer}, step {result.step:,}, {read}."
        f"<table width='100%'><tr><td width='50%'><b>up</b> after {up}</td>"
        f"<td><b>down</b> after {down}</td></tr>"
        f"<tr><td>{_places(found.up)}</td><td>{_places(found.down)}</td></tr></table>"
    )


def _letters(result: _Result, sign: int) -> str:
    """Return the letters with the highest (sign -1) or lowest (sign 1) mean of the unit."""
    means = result.found.mean_by_symbol
    finite = np.flatnonzero(np.isfinite(means))
    ranked = finite[np.argsort(sign * means[finite], kind="stable")][:_LETTERS]
    shown = [
        f"{escape(visible(result.symbols[index]))}&nbsp;{means[index]:+.2f}"
        for index in ranked
        if result.symbols[index] != END
    ]
    return ", ".join(shown) or "nothing"


def _places(found: Sequence[Driver]) -> str:
    return "<br>".join(
        f"{write_number(driver.activation)}&nbsp; <b>{escape(driver.read) or '·'}</b>"
        f"{escape(driver.rest)}"
        for driver in found
    )

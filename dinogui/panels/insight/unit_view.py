"""What drives one hidden unit: the letters, and the places in the data, up and down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTextBrowser, QWidget

from dinogui.panels.insight.name_choice import write_symbol
from dinogui.panels.insight.pacing import PacedTask
from dinogui.panels.insight.written_number import write_number
from dinogui.session.session import Session
from dinogui.workers.background import BackgroundThread, Work
from engine.data.corpus import Corpus
from engine.data.text import Text, pieces_of
from engine.data.vocabulary import END
from engine.insight import Driver, Drivers, drivers
from engine.training.messages import Snapshot

_INVITATION = "Click a unit to see the letters and places in the data that drive it most."
_WORK = 2 * 10**9
"""Multiplications to spend: about half a second."""

_SHARE = 0.02
"""Of the time: the list is looked at for long, and the training would feel more."""

_PIECES, _PIECE_LENGTH = 4_000, 50
"""What stands for a text: so many pieces from all over it, of so many symbols."""

_LETTERS, _PLACES = 5, 8
"""Of each, listed up and down."""


@dataclass(frozen=True)
class UnitRequest:
    """Which unit to look at: its layer from 1, itself from 0, and one of its quantities."""

    layer: int
    unit: int
    quantity: str


@dataclass(frozen=True)
class _Result:
    wish: UnitRequest
    counted: str
    step: int
    symbols: tuple[str, ...]
    found: Drivers


class UnitView(QTextBrowser):
    """Lists what drives a unit. It is searched for in a thread of its own.

    Attributes
    ----------
    wish : UnitRequest or None
    result : _Result or None
        The latest.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.wish: UnitRequest | None = None
        self.result: _Result | None = None
        self.setTabChangesFocus(True)
        self.setMinimumWidth(150)
        self.setAccessibleName("What drives the unit")
        self.setToolTip("The letters and names in the data at which the unit is highest and lowest")
        # Apart from the quick ones, which would have to wait behind it.
        thread = BackgroundThread.of(session.threads, "drivers")
        self._pace = PacedTask(thread, self, self._work, _SHARE)
        self._pace.done.connect(self._show)
        self._pace.failed.connect(self.setPlainText)
        self.setPlainText(_INVITATION)

    def choose(self, wish: UnitRequest | None) -> None:
        """Look at a unit from now on; at none if it is None."""
        if wish is None:
            self.wish = self.result = None
            self._pace.forget()
            self.setPlainText(_INVITATION)
        else:
            if wish != self.wish:
                self.setPlainText(f"Unit {wish.unit}: looking through the data…")
            self.wish = wish
            self._pace.want(at_once=True)

    @Slot()
    def refresh(self) -> None:
        """Look again, as soon as it is due: the network has learned."""
        if self.wish is not None:
            self._pace.want()

    def table(self) -> Iterable[Iterable[object]]:
        """Return what is listed."""
        if self.result is None:
            return []
        found, wish = self.result.found, self.result.wish
        return [
            [],
            [f"unit {wish.unit}", "read", "rest", "value"],
            *(["up", d.read, d.rest, d.activation] for d in found.up),
            *(["down", d.read, d.rest, d.activation] for d in found.down),
            [],
            ["symbol", "mean", "times"],
            *zip(
                map(write_symbol, self.result.symbols),
                found.mean_by_symbol.tolist(),
                found.reads_by_symbol.tolist(),
                strict=True,
            ),
        ]

    def _work(self) -> Work | None:
        snapshot, corpus, wish = self._session.snapshot, self._session.corpus, self.wish
        if snapshot is None or corpus is None or wish is None:
            return None
        widths = snapshot.parameters.architecture.widths
        if wish.layer > len(widths) or wish.unit >= widths[wish.layer - 1]:
            self.choose(None)
            return None
        return lambda: _search(snapshot, corpus, wish)

    @Slot(object)
    def _show(self, result: _Result) -> None:
        if result.wish != self.wish:
            return
        self.result = result
        place = self.verticalScrollBar().value()
        self.setHtml(_page(result))
        self.verticalScrollBar().setValue(place)


def _search(snapshot: Snapshot, corpus: Corpus | Text, wish: UnitRequest) -> _Result:
    if isinstance(corpus, Text):
        names = pieces_of(corpus.symbols, _PIECES, _PIECE_LENGTH)
    else:
        names = snapshot.vocabulary.encode_all(corpus.distinct)
    found = drivers(snapshot, names, wish.layer, wish.unit, wish.quantity, _PLACES, _WORK)
    counted = "pieces of the text" if isinstance(corpus, Text) else "names"
    return _Result(wish, counted, snapshot.step, snapshot.vocabulary.symbols, found)


def _page(result: _Result) -> str:
    found, wish = result.found, result.wish
    read = f"{found.names_read:,} of {found.names_given:,} {result.counted}" + (
        f"; {found.not_finite:,} values are no numbers" if found.not_finite else ""
    )
    up, down = _letters(result, -1), _letters(result, 1)
    return (
        f"<b>Unit {wish.unit}</b> of layer {wish.layer}, step {result.step:,}, {read}."
        f"<table width='100%'><tr><td width='50%'><b>up</b> after {up}</td>"
        f"<td><b>down</b> after {down}</td></tr>"
        f"<tr><td>{_places(found.up)}</td><td>{_places(found.down)}</td></tr></table>"
    )


def _letters(result: _Result, sign: int) -> str:
    """Return the letters after which the unit is highest, or with sign 1 lowest, on average."""
    means = result.found.mean_by_symbol
    finite = np.flatnonzero(np.isfinite(means))
    ranked = finite[np.argsort(sign * means[finite], kind="stable")][:_LETTERS]
    shown = [
        f"{escape(write_symbol(result.symbols[index]))}&nbsp;{means[index]:+.2f}"
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

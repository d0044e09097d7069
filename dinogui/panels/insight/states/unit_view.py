"""Lists what drives one hidden unit, what it is connected to, and the loss without it."""

from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from dinogui.panels.insight.frame.pacing import PacedTask
from dinogui.panels.insight.states.unit_page import loss_sentence, unit_page
from dinogui.panels.insight.states.unit_search import UnitRequest, UnitResult, UnitSearch
from dinogui.session.background import BackgroundThread, Work
from dinogui.session.session import Session
from engine.data.visible_symbols import visible

_INVITATION = "Click a unit to see which symbols and places in the data drive it most."

_SHARE = 0.02
"""Share of a processor's time for the search; more would slow the training."""


class UnitView(QTextBrowser):
    """Lists what drives a unit. The search runs in a thread of its own.

    Lives in the GUI thread.

    Attributes
    ----------
    request : UnitRequest or None
    result : UnitResult or None
        The latest.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.request: UnitRequest | None = None
        self.result: UnitResult | None = None
        self._search = UnitSearch()
        self.setTabChangesFocus(True)
        self.setMinimumWidth(150)
        self.setAccessibleName("What drives the unit")
        self.setToolTip("What moves the unit, what it is connected to, and the loss without it")
        # A thread of its own: the quick computations would have to wait for this one.
        thread = BackgroundThread.of(session.threads, "drivers")
        self._pace = PacedTask(thread, self, self._work, _SHARE)
        self._pace.done.connect(self._show)
        self._pace.failed.connect(self.setPlainText)
        session.units_off.changed.connect(self._search_again)
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

    @Slot()
    def _search_again(self) -> None:
        """Search again at once, because units were switched off or on."""
        if self.request is not None:
            self._pace.want(at_once=True)

    def table(self) -> Iterable[Iterable[object]]:
        """Return what is listed, as rows."""
        if self.result is None:
            return []
        found, request, loss = self.result.found, self.result.request, self.result.loss
        return [
            [],
            [f"unit {request.unit}", "read", "rest", "value"],
            *(["up", d.read, d.rest, d.activation] for d in found.up),
            *(["down", d.read, d.rest, d.activation] for d in found.down),
            *([[], [loss_sentence(loss)]] if loss is not None else []),
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
        snapshot, request = self._session.viewed_whole_snapshot, self.request
        trained = self._session.viewed_trained_snapshot
        if snapshot is None or trained is None or request is None:
            return None
        widths = snapshot.parameters.architecture.widths
        if request.layer > len(widths) or request.unit >= widths[request.layer - 1]:
            self.choose(None)
            return None
        units_off = self._session.units_off.units
        return self._search.of(snapshot, trained, self._session.run.request(), request, units_off)

    @Slot(object)
    def _show(self, result: UnitResult) -> None:
        if result.request != self.request:
            return
        self.result = result
        place = self.verticalScrollBar().value()
        self.setHtml(unit_page(result))
        self.verticalScrollBar().setValue(place)

"""The widget of the Confusion panel: kinds by the kinds that are told, on held-out names."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

import numpy as np
from PySide6.QtCore import QUrl, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTextBrowser, QVBoxLayout

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.colour_scale import ColourScale
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_choice import NameChoice
from dinogui.panels.panel import Panel
from dinogui.panels.telling.confusion.calibration_view import CalibrationView
from dinogui.panels.telling.confusion.confusion_pages import kinds_page, names_page
from dinogui.session.background import Work
from dinogui.session.session import Session
from dinogui.widgets.buttons.segmented import SegmentedControl
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.examples import HeldOutExamples
from engine.evaluation.kinds_report import KindsReport
from engine.nn.parameters import Array, Parameters
from engine.training.messages import RunRequest

_EXAMPLES = 3
_COLUMN_LETTERS = 3
_ROWS = 8
"""Rows that the matrix has room for at least."""

ORDERS = {"data": "by kind", "size": "by size", "confusion": "by confusion"}
PAGES = {"names": "Names", "kinds": "Kinds", "calibration": "Calibration"}
VALUES = {"share": "shares", "count": "counts"}


@dataclass(frozen=True)
class _Result:
    """How held-out names were told.

    Attributes
    ----------
    report : KindsReport
    names : list of str
        The names, in the report's order.
    clustered : tuple of int
        The kinds, so that those that are often confused are neighbours.
    """

    report: KindsReport
    names: list[str]
    clustered: tuple[int, ...]


class _HeldOutNames:
    """The held-out names of a run, found once. Called in the thread of the insights alone."""

    def __init__(self) -> None:
        self._run_id: int | None = None
        self._names: list[str] = []
        self._encoded: EncodedNames | None = None

    def report(self, run: RunRequest, parameters: Parameters) -> _Result:
        """Let a network tell the kinds of the held-out names, and report on it."""
        kinds = run.corpus.kinds
        assert kinds is not None  # as they are told
        if self._encoded is None or self._run_id != run.run_id:
            held_out = HeldOutExamples.of(run.corpus, run.settings.seed, run.settings.held_out)
            self._names, self._run_id = list(held_out.titles), run.run_id
            self._encoded = held_out.encoded
        report = KindsReport.of_names(parameters, self._encoded, kinds.titles)
        return _Result(report, self._names, report.order_by_confusion())


class ConfusionPanel(InsightPanel):
    """Shows a matrix of kinds by kinds that are told, and what stands behind its cells.

    Beside it are the names of the cell that was clicked, recall and precision of the kinds, or a
    diagram of calibration. A name there can be clicked, and all panels show it. Lives in the GUI
    thread.

    Attributes
    ----------
    map : HeatMap
    page : QTextBrowser
        Names or kinds.
    calibration : CalibrationView
    order, value, shown_page : SegmentedControl
        What is chosen.
    """

    leaves_units_out = True
    tasks = ("tell",)

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.result: _Result | None = None
        self._held_out = _HeldOutNames()
        self._cell: tuple[int, int] | None = None
        self._order: list[int] = []
        self.map = HeatMap("What is held out by kind and by the kind that is told")
        self.scale = ColourScale(self.map)
        self.order = SegmentedControl("Order", ORDERS, "In which order the kinds stand")
        self.value = SegmentedControl("Values", VALUES, "Shares of each kind, or numbers")
        self.shown_page = SegmentedControl("Beside it", PAGES, "What stands beside the matrix")
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setAccessibleName("What stands behind the matrix")
        self.page.anchorClicked.connect(self._show_name)
        self.calibration = CalibrationView()
        self._beside = QStackedWidget()
        self._beside.addWidget(self.page)
        self._beside.addWidget(self.calibration)
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        pictures.addWidget(self.map, 3)
        pictures.addWidget(self._beside, 2)
        picture = QVBoxLayout()
        picture.setSpacing(0)
        picture.addLayout(pictures, 1)
        picture.addWidget(self.scale)
        self.map.setMinimumHeight(_ROWS * self.fontMetrics().height())
        self.watch(self.map)
        self.map.clicked.connect(self._choose_cell)
        for control, value in ((self.order, "confusion"), (self.value, "share")):
            control.show_value(value)
            control.chosen.connect(self.draw_again)
        self.shown_page.show_value("names")
        self.shown_page.chosen.connect(self._show_page)
        self.finish([self.order, self.value, self.shown_page], picture)

    def work(self) -> Work | None:
        """Tell the kinds of all held-out names."""
        snapshot, run = self.session.viewed_snapshot, self.session.run
        assert snapshot is not None  # the base class calls this only with a snapshot
        return partial(self._held_out.report, run.request(), snapshot.parameters)

    def show_result(self, result: _Result) -> None:
        """Draw the matrix and the page beside it."""
        self.result = result
        report = result.report
        self._order = self._ordered(result)
        confusion = report.confusion[np.ix_(self._order, self._order)].astype(float)
        shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
        titles = [report.titles[kind] for kind in self._order]
        is_share = self.value.value == "share"
        texts = self._texts(confusion, shares, is_share=is_share)
        self.map.show_cells(
            self.maps.sequential(shares, 0.0, 1.0), titles, self._column_names(titles), texts
        )
        self._mark()
        told = self.nouns.told
        self.summarise(
            f"{report.accuracy:.1%} of {len(report.kinds):,} held-out {told} are told right, "
            f"{report.mean_recall:.1%} on average over kinds. Rows: kinds. Columns: kinds told."
        )
        self.calibration.show_bins(report.calibration, report.calibration_error)
        self._show_page()

    def _column_names(self, titles: list[str]) -> list[str]:
        """Return the beginnings of the titles, or none if the columns are too narrow for them."""
        names = [title[:_COLUMN_LETTERS] for title in titles]
        widest = max(map(self.fontMetrics().horizontalAdvance, names))
        return names if widest + 4 <= self.map.cells_area.width() / len(names) else []

    def _ordered(self, result: _Result) -> list[int]:
        kinds = range(len(result.report.titles))
        if self.order.value == "size":
            sizes = result.report.confusion.sum(axis=1)
            return sorted(kinds, key=lambda kind: -int(sizes[kind]))
        return list(result.clustered if self.order.value == "confusion" else kinds)

    def _texts(self, confusion: Array, shares: Array, *, is_share: bool) -> list[list[str]]:
        """Return what is written on the cells where there is room for it."""
        font, n = self.fontMetrics(), len(confusion)
        area = self.map.cells_area
        widest = font.horizontalAdvance("100" if is_share else f"{confusion.max():.0f}")
        if area.width() / n < widest + 2 or self.map.height() / n < font.height():
            return []
        values = 100 * shares if is_share else confusion
        return [[f"{value:.0f}" if value >= 0.5 else "" for value in row] for row in values]

    def describe(self, row: int, column: int) -> str:
        """Say how many names of a kind are taken for another one, with examples."""
        result = self.result
        if result is None or max(row, column) >= len(self._order):
            return ""
        report, (kind, told) = result.report, (self._order[row], self._order[column])
        found = report.confused(kind, told)
        count = int(report.confusion[kind].sum())
        verb = "told right" if kind == told else f"taken for {report.titles[told]}"
        examples = ", ".join(result.names[each.place] for each in found[:_EXAMPLES])
        more = f": {examples}" + (", …" if len(found) > _EXAMPLES else "") if found else ""
        return (
            f"{report.titles[kind]}: {len(found):,} of {count:,} {self.nouns.told} are {verb}{more}"
        )

    @Slot(int, int)
    def _choose_cell(self, row: int, column: int) -> None:
        if self.result is not None and max(row, column) < len(self._order):
            self._cell = self._order[row], self._order[column]
            self.shown_page.show_value("names")
            self._mark()
            self._show_page()

    def _mark(self) -> None:
        places = {kind: place for place, kind in enumerate(self._order)}
        cells = [] if self._cell is None or max(self._cell) >= len(places) else [self._cell]
        self.map.mark([(places[kind], places[told]) for kind, told in cells])

    @Slot()
    def _show_page(self) -> None:
        page, result = self.shown_page.value, self.result
        self._beside.setCurrentWidget(self.calibration if page == "calibration" else self.page)
        if result is None or page == "calibration":
            return
        if page == "kinds":
            self._write(kinds_page(result.report, self._order, self.nouns.told))
        elif self._cell is None or max(self._cell) >= len(result.report.titles):
            self._write(f"Click a cell of the matrix, and its {self.nouns.told} stand here.")
        else:
            self._write(names_page(result.report, result.names, *self._cell, self.nouns.told))

    def _write(self, text: str) -> None:
        """Show a page. The place in it stays where the page stays the same."""
        bar = self.page.verticalScrollBar()
        place = bar.value()
        self.page.setHtml(text)
        bar.setValue(place)

    @Slot(QUrl)
    def _show_name(self, url: QUrl) -> None:
        """Show a name in all panels."""
        self.choice.choose(unquote(url.toString()))

    def show_nothing(self) -> None:
        """Draw one empty cell."""
        self.result, self._cell = None, None
        self.map.show_cells(self.maps.sequential(np.zeros((1, 1)), 0.0, 1.0))
        self.map.mark([])
        self.page.clear()
        self.calibration.show_bins((), 0.0)
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.map.show_colours(colours)
        self.calibration.show_colours(colours)
        self.scale.show_scale(self.maps.one_sided, "0", "100 %", "of the kind")

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each kind, with the number of names that were told to be of each."""
        if self.result is None:
            return []
        report = self.result.report
        rows = zip(report.titles, report.confusion.tolist(), strict=True)
        return [
            ["kind", *(f"told {title}" for title in report.titles)],
            *([title, *row] for title, row in rows),
        ]

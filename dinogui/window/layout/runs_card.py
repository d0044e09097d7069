"""The Runs card: the run that is shown, and the latest other ones, which a click opens."""

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from dinogui.common.theme import SPACE
from dinogui.session.session import Session
from dinogui.widgets.cards.card import Card
from dinogui.window.layout.run_row import RunRow
from dinogui.window.runs.list_commands import ListCommands, dropped_runs
from dinogui.window.runs.listed_unit import listed_unit, unit_words
from dinogui.window.runs.run_dot import RunDots
from dinogui.window.runs.run_menu import RunMenu
from engine.evaluation.units import Unit

_MOST = 5
_REST_MILLISECONDS = 1_000
"""So often at most, the loss of the present run is written while it trains."""


class RunsCard(Card):
    """Lists the present run and the latest other ones with their losses.

    Lives in the GUI thread. Files of runs can be dropped on it.

    Parameters
    ----------
    commands : ListCommands
    session : Session
    dots : RunDots

    Attributes
    ----------
    present : RunRow
        The run that is shown.
    rows : list of RunRow
        The others.

    Signals
    -------
    all_requested()
        Somebody wants to see all of them.
    """

    all_requested = Signal()

    def __init__(
        self,
        commands: ListCommands,
        session: Session,
        dots: RunDots,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Runs", "Runs", can_fold=True, parent=parent)
        self._commands, self._earlier, self._dots = commands, commands.earlier, dots
        self.setAcceptDrops(True)
        self.present = RunRow(is_present=True)
        self.present.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.present.customContextMenuRequested.connect(partial(self._ask_for_menu, self.present))
        self.rows: list[RunRow] = []
        self.all_runs = QToolButton()
        self.all_runs.setText("All runs…")
        self.all_runs.setToolTip("A list, in which runs can be named, starred and deleted")
        self.all_runs.setAccessibleName("All runs")
        self.all_runs.setAutoRaise(True)
        self.all_runs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.all_runs.clicked.connect(self.all_requested)
        self.body.setSpacing(0)
        self.body.addWidget(self.present)
        self.unit_label = QLabel()
        self.unit_label.setProperty("role", "faint")
        self.unit_label.setToolTip("The unit of the losses in this card")
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, SPACE, 0)
        foot.addWidget(self.all_runs)
        foot.addStretch(1)
        foot.addWidget(self.unit_label)
        self.body.addLayout(foot)
        self._unit = Unit.NATS_PER_NAME
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._show_present)
        for signal in (session.progress_told, session.held_out_measuring.changed):
            signal.connect(self._note_progress)
        session.closing.connect(self._rest.stop)
        session.on_plot.changed.connect(self._show_runs)
        self._earlier.changed.connect(self._show_runs)
        self._show_runs()

    @Slot()
    def _note_progress(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    @Slot()
    def _show_present(self) -> None:
        run = self._earlier.present
        self.present.setVisible(run is not None)
        unit, words = self._shown_unit()
        if run is not None:
            self.present.show_run(run, self._dots.present_colour(), unit, words, is_full=True)
        self.unit_label.setText(words)
        self.unit_label.setVisible(run is not None and run.step > 0)

    def show_unit(self, unit: Unit) -> None:
        """Show losses in another unit, if all runs have one; see `listed_unit`."""
        self._unit = unit
        self._show_runs()

    def _shown_unit(self) -> tuple[Unit, str]:
        """Return the unit of all losses in the card, and what it is called."""
        present = self._earlier.present
        runs = [*self._earlier.runs[:_MOST], *([present] if present is not None else [])]
        unit = listed_unit(self._unit, runs)
        return unit, unit_words(unit, runs)

    @Slot()
    def _show_runs(self) -> None:
        self._show_present()
        runs = self._earlier.runs
        self.note.show_text(f"{len(runs):,} earlier" if runs else "no earlier ones")
        if not runs:
            self.note.setToolTip("No earlier ones. A run comes here when another takes its place")
        shown, (unit, words) = runs[:_MOST], self._shown_unit()
        while len(self.rows) < len(shown):
            self._add_row()
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                run = shown[place]
                is_full = self._dots.is_full(run)
                row.show_run(run, self._dots.colour_of(run), unit, words, is_full=is_full)
        self.all_runs.setVisible(bool(runs) or self._earlier.can_restore)

    def _add_row(self) -> None:
        row = RunRow()
        row.clicked.connect(partial(self._open, row))
        row.dot_clicked.connect(partial(self._toggle_on_plot, row))
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(partial(self._ask_for_menu, row))
        self.body.insertWidget(len(self.rows) + 1, row)
        self.rows.append(row)

    def _open(self, row: RunRow) -> None:
        if row.run is not None:
            self._earlier.open(row.run)

    def _toggle_on_plot(self, row: RunRow) -> None:
        if row.run is not None:
            self._dots.toggle(row.run)

    def _ask_for_menu(self, row: RunRow, place: QPoint) -> None:
        if row.run is not None:
            menu = RunMenu(row.run, self._commands, self._dots, self)
            menu.popup(row.mapToGlobal(place))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files of runs."""
        if dropped_runs(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the files that were dropped to the list."""
        event.acceptProposedAction()
        self._commands.add(dropped_runs(event.mimeData()))

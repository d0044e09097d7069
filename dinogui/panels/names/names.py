"""The Names column: a request, and the names that the network wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.actions.window_actions import Actions
from dinogui.common.icons import Icon, make_icon
from dinogui.common.theme import SPACE, Theme
from dinogui.panels.export_place import suggested_place, why_not_there
from dinogui.panels.names.candidates_model import Sheet
from dinogui.panels.names.export_filters import export_filters
from dinogui.panels.names.kinds.blend_refresh import BlendRefresh
from dinogui.panels.names.kinds.kinds_view import KindsView
from dinogui.panels.names.live_names import LiveNames
from dinogui.panels.names.names_form import NamesForm
from dinogui.panels.names.names_table import NamesTable
from dinogui.panels.text.training_log import TrainingLog
from dinogui.panels.units_off_chip import UnitsOffChip
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.buttons.switch_chip import SwitchChip
from dinogui.widgets.cards.flow import ButtonRow
from dinogui.widgets.cards.request_page import RequestPage
from engine.data.reading.casing import title_case
from engine.sampling.candidates import SearchResult
from engine.sampling.decoding import SamplingError
from engine.sampling.export import DEFAULT_FORMAT, format_of_path

if TYPE_CHECKING:  # few runs need it
    from dinogui.panels.telling.told_names.told_card import ToldCard

PATIENCE_MILLISECONDS = 300
"""A search that takes longer shows its progress and can be cancelled."""

_LIVE_PATIENCE_MILLISECONDS = 2_000
"""The same for a search that nobody asked for: its progress would flicker."""

_ROOMY = (20, 26)
"""Heights of the panel, in lines of text, above which a message has one more line."""
_ROOMY_FOR_BLENDS = 40
"""The same, above which the whole form has room beside the sliders of a blend."""
_MAX_SHEETS = 8
"""Runs whose names are remembered, so that they are there when the run is shown again."""


class NamesPanel(QWidget):
    """Requests names and shows them: at a press of the button, and when an option changes.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
        The panel connects those of names.
    session : Session
    theme : Theme

    Attributes
    ----------
    form : NamesForm
    kinds : KindsView
        Chooses the kinds in which a network writes that is told kinds.
    table : NamesTable
    page : RequestPage
        Holds both.
    told : ToldCard or None
        Stands in place of the page while the network tells kinds, and writes none. It is made for
        the first such run.
    live : LiveNames
        Says when to write the names again.
    live_switch : SwitchChip
        Turns this on and off. Whoever uses the panel lays it out.
    log : TrainingLog
        What the network wrote as it learned. Whoever uses the panel lays it out.

    Signals
    -------
    cleared(Sheet)
        The table was emptied; `exchange` can restore the sheet.
    kept_requested()
        Somebody wants to see the kept names.
    """

    cleared = Signal(object)
    kept_requested = Signal()

    def __init__(
        self,
        actions: Actions,
        session: Session,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._name_generation = name_generation = session.name_generation
        self._theme, self._live_action = theme, actions.live_names
        self.told: ToldCard | None = None
        self._is_wanted = False
        self._note_of_search = ""
        self._has_sampled = False
        self._has_names_of_run = False
        self._run_id = 0
        self._fingerprint: str | None = None
        self._sheets: dict[int, Sheet] = {}  # by the id of the run
        self.form = NamesForm()
        self.kinds = KindsView(session.blend)
        self.table = NamesTable(actions, name_generation)
        self.log = TrainingLog(
            "Seven names every 2,000 iterations, as the course prints them",
            "During the training: seven names every 2,000 steps.",
        )
        self.live = LiveNames(session, actions.live_names, self)
        self.live_switch = SwitchChip(actions.live_names, "live")
        self._make_buttons(actions)
        self._make_waiting()
        self._lay_out()
        self._connect(actions)
        theme.changed.connect(self.table.show_colours)
        self.table.show_colours(theme.colours)

    def _make_buttons(self, actions: Actions) -> None:
        self.button = ActionButton(actions.generate, is_filled=True)
        self.button.setAccessibleName("Generate names")
        export = ActionButton(actions.export_names)
        export.show_key(False)
        self._kept_action = QAction(self)
        self._kept_action.setIcon(make_icon(Icon.STAR_FILLED))
        self._kept_action.setToolTip("Show the names with a star, of all runs")
        self._kept_action.triggered.connect(self.kept_requested)
        self.kept_button = ActionButton(self._kept_action)
        self._name_generation.kept.changed.connect(self._count_kept)
        self._count_kept()
        self._buttons = ButtonRow(self.button, export, last=self.kept_button)

    @Slot()
    def _count_kept(self) -> None:
        count = len(self._name_generation.kept.names)
        self._kept_action.setText(f"{count:,} kept")
        self.kept_button.setAccessibleName(f"Kept names: {count:,}")

    def _make_waiting(self) -> None:
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Progress of the search")
        self.progress.setFormat("%v of %m tries")
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop the search, and keep what was found")
        self.cancel.setAccessibleName("Cancel the search")
        self.cancel.clicked.connect(self._name_generation.cancel)
        self._waiting = QWidget()
        line = QHBoxLayout(self._waiting)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.progress, 1)
        line.addWidget(self.cancel)
        # All that is said below the names has one room, which is always there: nothing moves.
        self._room = QStackedWidget()
        self._room.addWidget(self.table.legend_line)
        self._room.addWidget(self.form.message)
        self._room.addWidget(self._waiting)
        self._room.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._show_waiting)

    def _lay_out(self) -> None:
        self.form.add_on_top(self.kinds)
        self.form.add_to_fold(self.table.filter_line)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(UnitsOffChip(self._session.units_off, self))
        self.page = RequestPage(self.form, self.table, self._room, self._buttons, can_fold=True)
        self.page.tightened.connect(self._fit_form)
        layout.addWidget(self.page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reserve more room for messages where there is more, or fold the form."""
        super().resizeEvent(event)
        self._fit_form()

    @Slot()
    def _fit_form(self) -> None:
        """Fold what there is no room for; the sliders of a blend leave less of it for the names."""
        height = self.height() / self.fontMetrics().lineSpacing()
        blend = self._session.blend.shares
        is_short = blend is not None and blend.is_blend and height < _ROOMY_FOR_BLENDS
        self.form.show_tight(self.page.is_tight or is_short)
        lines = 1 if is_short else 1 + sum(height > least for least in _ROOMY)
        self.form.message.reserve(lines)
        self._room.updateGeometry()  # Qt does not note that the height of a hidden page changes

    def showEvent(self, event: QShowEvent) -> None:
        """Write the names of the latest network when they can be seen again."""
        super().showEvent(event)
        self.live.go_on()

    def _connect(self, actions: Actions) -> None:
        actions.copy_names.triggered.connect(self.table.copy)
        actions.keep_names.triggered.connect(self.table.keep_or_drop)
        actions.clear_names.triggered.connect(self.clear)
        actions.export_names.triggered.connect(self.choose_export)
        self.form.message.said.connect(self._show_message)
        self.form.changed.connect(self.refresh)
        self.form.entered.connect(self.generate)
        self.kinds.copied.connect(self._say_copied)
        self.live.due.connect(self._write_again)
        blend_refresh = BlendRefresh(self._session, self)
        blend_refresh.due.connect(self.refresh)
        self._session.blend.changed.connect(self._fit_form)
        self._session.blend.titles_changed.connect(self._fit_form)
        self._session.state_changed.connect(self._show_state)
        name_generation = self._name_generation
        name_generation.ready.connect(self._begin_writing)
        name_generation.begun.connect(self._show_run)
        name_generation.found.connect(self._show_found)
        name_generation.refused.connect(self._show_refusal)
        name_generation.exported.connect(self._say_exported)
        name_generation.not_exported.connect(self._say)

    # What people see

    @property
    def error(self) -> str:
        """The sentences that say what is wrong with the request; empty if nothing is."""
        return self.form.error

    @property
    def note(self) -> str:
        """The message about the names: why there are too few, or where they were saved."""
        message = self.form.message
        return "" if message.is_error else message.message

    @property
    def is_waiting(self) -> bool:
        """Whether the progress of a search is shown."""
        return self._room.currentWidget() is self._waiting

    @property
    def generated(self) -> list[str]:
        """The names shown, from top to bottom, in Title Case."""
        return [title_case(candidate.name) for candidate in self.table.shown]

    @property
    def last_seed(self) -> int | None:
        """The seed of the latest names; None before the first ones."""
        return round(self.form.seed.value()) if self._has_sampled else None

    def recall_seed(self, seed: int | None) -> None:
        """Continue with the seed after this one."""
        self._has_sampled = seed is not None
        self.form.show_seed(self._name_generation.seed if seed is None else seed)

    # What people do

    @Slot()
    def generate(self) -> None:
        """Let the network write names, with the next seed unless the same one is asked for."""
        self._is_wanted = self._name_generation.snapshot is None
        if self._is_wanted:  # the run has only just started
            return
        if self._has_sampled and not self.form.same_seed.isChecked():
            self.form.show_seed(self._next_seed())
        self._has_sampled = True
        self.refresh()

    def _next_seed(self) -> int:
        return (round(self.form.seed.value()) + 1) % round(self.form.seed.maximum() + 1)

    @Slot()
    def refresh(self) -> None:
        """Let the network write names with the seed as it is, or show what is wrong."""
        self.form.settle()
        self._end_waiting()
        self._say("")
        if self._ask():
            self._patience.start(PATIENCE_MILLISECONDS)

    @Slot()
    def _write_again(self) -> None:
        """Let the latest network write the names, unless somebody is at work on them."""
        is_in_use = self.form.error or self.form.is_being_changed or self.table.chosen
        if not is_in_use and self._ask(by_itself=True):
            self._patience.start(_LIVE_PATIENCE_MILLISECONDS)

    def _ask(self, *, by_itself: bool = False) -> bool:
        """Ask for names with the seed as it is, and return whether there will be an answer."""
        if self._name_generation.snapshot is None:
            return False
        try:
            names = self._name_generation
            constraints = self.form.constraints(names.unify, names.one_each)
            self._name_generation.find_candidates(constraints)
        except SamplingError as error:
            self._name_generation.withdraw()
            self._show_refusal(str(error), error.field)
            return False
        self.live.note_request(by_itself=by_itself)
        self.form.forget_error()
        self.table.show_found_none(False)
        self.table.model.begin(compares=self.form.same_seed.isChecked())
        return True

    @Slot()
    def clear(self) -> None:
        """Empty the table."""
        shown = self.exchange(Sheet())
        if shown.rows:
            self.cleared.emit(shown)

    def exchange(self, sheet: Sheet) -> Sheet:
        """Show other names, and return those shown before. A running search is dropped."""
        self._name_generation.withdraw()
        self._end_waiting()
        self.table.withhold(False)
        self.table.show_found_none(False)
        return self.table.model.exchange(sheet)

    @Slot()
    def choose_export(self) -> None:
        """Ask for a file, and save the shown names to it."""
        if not self.table.shown:
            self._say("There are no names to export yet. Generate some first.")
            return
        filters = export_filters()
        path, chosen = QFileDialog.getSaveFileName(
            self, "Export names", suggested_place(self._session, ".txt"), ";;".join(filters)
        )
        if path:
            self.export(path, filters.get(chosen, DEFAULT_FORMAT))

    def export(self, path: str, usual_form: str = DEFAULT_FORMAT) -> None:
        """Save the shown names in the format of the file's suffix, or else in `usual_form`."""
        refusal = why_not_there(self._session, path)
        if refusal:
            self._say(refusal)
            return
        form = format_of_path(path, usual_form)
        self._name_generation.export(path, self.table.shown, form)

    # What the session answers

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        """Say where the names are missing because the network has diverged."""
        has_diverged = state is RunState.DIVERGED
        self.table.show_diverged(has_diverged)
        self.live_switch.show_at_rest(has_diverged)

    def _show_task(self, *, tells: bool) -> None:
        """Show what is written, or what is told."""
        if tells and self.told is None:
            from dinogui.panels.telling.told_names.told_card import ToldCard

            self.told = ToldCard(self._session, self._theme, self._live_action)
            self._column.addWidget(self.told)
        self.page.setVisible(not tells)
        if self.told is not None:
            self.told.setVisible(tells)

    @Slot()
    def _show_run(self) -> None:
        self._end_waiting()
        self._show_task(tells=self._session.run.tells)
        self.table.withhold(False)
        self.table.show_found_none(False)
        self._show_names_of_run()
        self.form.forget_error()
        self.form.show_usual_longest(self._name_generation.usual_longest)
        if not self._has_sampled:
            self.form.show_seed(self._name_generation.seed)

    def _show_names_of_run(self) -> None:
        """Show the names that the run has written before, or none if the table has other data."""
        corpus = self._name_generation.corpus
        has_names = corpus is not None or self._session.kind == "melodies"
        self.live_switch.setVisible(has_names or self._session.run.tells)
        if corpus is None:  # a text, or melodies
            return
        before, now = self._run_id, self._name_generation.run_id
        self._has_names_of_run = now in self._sheets
        same_data = corpus.fingerprint == self._fingerprint
        self._run_id, self._fingerprint = now, corpus.fingerprint
        if now in self._sheets or not same_data:
            shown = self.exchange(self._sheets.pop(now, Sheet()))
        else:
            shown = self.table.model.sheet
        self._sheets[before] = shown
        if len(self._sheets) > _MAX_SHEETS:
            del self._sheets[next(iter(self._sheets))]

    @Slot()
    def _begin_writing(self) -> None:
        """Let a run's first network write, unless names of the run are shown already."""
        if self._is_wanted:
            self.generate()
        elif not self._has_names_of_run and (self.live.is_on or not self.table.model.candidates):
            self._write_again()

    @Slot(object)
    def _show_found(self, found: SearchResult) -> None:
        self.progress.setRange(0, max(found.max_tries, 1))
        self.progress.setValue(found.tried)
        if found.candidates or found.is_over:
            self.table.model.show(found.candidates)
            self.table.withhold(False)
        if found.is_over:
            self._end_waiting()
            self.table.show_found_none(not found.candidates)
            if found.field:
                self.form.show_error(found.note, found.field)
            else:
                self._say_of_search(found.note)

    @Slot(str, str)
    def _show_refusal(self, message: str, field: str) -> None:
        self._end_waiting()
        if field:  # otherwise it is not the request that is wrong
            self.table.withhold(True)
        self.form.show_error(message, field)

    @Slot(str)
    def _say_exported(self, path: str) -> None:
        source = self.table.model.source_note
        self._say(f"The names were saved to “{path}”." + (f" {source}" if source else ""))

    @Slot(str)
    def _say_copied(self, option: str) -> None:
        self._say(f"Copied: {option}")

    def _say_of_search(self, note: str) -> None:
        """Say something about the names; an empty note leaves what others have said."""
        if note or self.note == self._note_of_search:
            self._say(note)
        self._note_of_search = note

    @Slot(str)
    def _say(self, message: str) -> None:
        self.form.message.say(message)

    @Slot()
    def _show_waiting(self) -> None:
        self._room.setCurrentWidget(self._waiting)

    def _end_waiting(self) -> None:
        self._patience.stop()
        self._room.setCurrentWidget(self._said())

    @Slot()
    def _show_message(self) -> None:
        if not self.is_waiting:
            self._room.setCurrentWidget(self._said())

    def _said(self) -> QWidget:
        """Return the message, or what the tints mean if there is none."""
        return self.form.message if self.form.message.message else self.table.legend_line

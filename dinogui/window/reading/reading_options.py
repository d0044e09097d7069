"""Lets people say how data are read: when they ask for it, and when the data leave a question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from dinogui.common.actions.action_words import explain
from dinogui.common.actions.window_actions import Actions
from dinogui.session.data.reading_memory import key_of
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from dinogui.window.opening import Opening, data_patterns
from dinogui.window.reading.data_to_open import DataToOpen
from dinogui.workers.file_reader import EncodingMisfit
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.sources.data_source import DataSource
from engine.data.sources.places import key_of_places

if TYPE_CHECKING:
    from dinogui.window.paste_box import PasteBox
    from engine.data.preview import Preview

_NO_FILE = "This reads a file again in another way, but no file is open. Open one first"


class ReadingOptions(QObject):
    """Opens the preview dialog, and opens the data as it was chosen there.

    The dialog opens by the menu, and by itself where data leave a question. Where data cannot be
    read as they are, the message in the banner has a button that opens it.

    Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget
        A part of the window over which the dialog opens.
    session : Session
    actions : Actions
    opening : Opening
    banner : Banner
    """

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        actions: Actions,
        opening: Opening,
        banner: Banner,
    ) -> None:
        super().__init__(parent)
        self._parent, self._session, self._actions = parent, session, actions
        self._opening, self._banner = opening, banner
        self._dialog: QDialog | None = None
        self._refused: str | DataSource = ""
        self._misfit: EncodingMisfit | None = None
        self._options = self._new_action("Open with options…", "See how the data would be read")
        self._options.triggered.connect(self._show_refused)
        self._likeliest = self._new_action("", "See how the data would be read in this encoding")
        self._likeliest.triggered.connect(self._show_likeliest)
        self._encodings = self._new_action(
            "Other encodings…", "See how the data would read in each encoding that fits"
        )
        self._encodings.triggered.connect(self._show_encodings)
        explain(actions.read_with_options, _NO_FILE)
        actions.open_with_options.triggered.connect(self.choose_file)
        actions.read_with_options.triggered.connect(self.read_again)
        session.run_begun.connect(self._note_run)
        session.reader.questioned.connect(self._ask)
        session.reader.misfitted.connect(self._offer_encodings)
        session.reader.misread.connect(self._offer_options)

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file, or several that belong together, and how to read them."""
        paths, _ = QFileDialog.getOpenFileNames(
            self._parent.window(),
            "Open names, text or melodies with options",
            "",
            f"Names, text and melodies ({data_patterns()});;All files (*)",
        )
        if paths:
            refusal = self._opening.why_not_together(paths)
            if refusal:
                self._opening.refused.emit(refusal)
            else:
                self.show(key_of_places(paths))

    @Slot()
    def read_again(self) -> None:
        """Ask how to read the file that is open."""
        session = self._session
        if session.path is not None:
            report = session.corpus.report if session.corpus is not None else None
            self.show(session.path, AUTOMATIC if report is None else report.choices)

    @Slot()
    def show_with_kinds(self) -> None:
        """Open the dialog for the open data, with a column, or else their files, as kinds."""
        session = self._session
        report = session.corpus.report if session.corpus is not None else None
        if session.path is None or report is None:
            return
        columns = report.table.kind_columns if report.table is not None else ()
        column, kinds = (columns[0], None) if columns else (None, True)
        self.show(session.path, replace(report.choices, kinds=kinds, kind_column=column))

    def show(
        self,
        source: str | DataSource,
        choices: ReadingChoices | None = None,
        known: Preview | EncodingMisfit | None = None,
        over: QWidget | None = None,
    ) -> QDialog:
        """Open the dialog, and return it.

        Parameters
        ----------
        source : str or DataSource
        choices : ReadingChoices, optional
            What has been chosen so far; if absent, what was chosen before for these data.
        known : Preview or EncodingMisfit, optional
            What is known of the data with these choices.
        over : QWidget, optional
            The window over which the dialog opens, unless it is the main one.
        """
        from dinogui.window.reading.preview_dialog import (
            PreviewDialog,  # no start needs to wait for it
        )

        if choices is None:
            choices = self._remembered(source)
        request = self._opening.request(source, choices)
        balance = self._session.plan_on("kinds").hyperparameters.balance
        data = DataToOpen(request, self._session.settings.held_out, balance)
        below = over or self._parent.window()
        dialog = PreviewDialog(data, self._session.data_preview, below)
        if self._dialog is not None:  # both would have their data looked at by the same worker
            self._dialog.reject()
        self._dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.chosen.connect(self._open)
        dialog.open()
        dialog.look(known)
        return dialog

    @Slot(object)
    def show_pasted(self, box: PasteBox) -> None:
        """Open the dialog for the text in a box, which closes when the text is opened."""
        self.show(box.source, box.choices, over=box).accepted.connect(box.reject)

    def _remembered(self, source: str | DataSource) -> ReadingChoices:
        return self._opening.memory.recall(key_of(source)) or AUTOMATIC

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None

    @Slot()
    def _note_run(self) -> None:
        self._actions.read_with_options.setEnabled(self._session.path is not None)
        self._banner.withdraw(self)

    @Slot(object, object)
    def _ask(self, source: str | DataSource, found: Preview) -> None:
        self.show(source, AUTOMATIC, found)

    @Slot(object)
    def _open(self, data: DataToOpen) -> None:
        """Open the data, and remember how, unless they cannot be read again."""
        source, choices = data.request.source, data.request.choices
        if isinstance(source, str) or source.places:
            self._opening.memory.note(key_of(source), choices)
        self._opening.open_data(
            source, choices=choices, held_out=data.held_out, balance=data.balance
        )

    # What the banner offers

    def _new_action(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        return action

    @Slot(object, str)
    def _offer_options(self, source: str | DataSource, sentence: str) -> None:
        self._refused = source
        self._banner.say(sentence, self._options, topic=self)

    @Slot(object, object)
    def _offer_encodings(self, source: str | DataSource, misfit: EncodingMisfit) -> None:
        """Offer the likeliest encoding, which is shown before it is used, and the others."""
        from dinogui.window.reading.encoding_list import read_as  # no start needs to wait for it

        if misfit.fitting:
            self._refused, self._misfit = source, misfit
            self._likeliest.setText(f"{read_as(misfit.fitting[0])}…")
            self._banner.say(misfit.sentence, self._likeliest, self._encodings, topic=self)

    @Slot()
    def _show_refused(self) -> None:
        self.show(self._refused)

    @Slot()
    def _show_likeliest(self) -> None:
        if self._misfit is not None:
            name = self._misfit.fitting[0].name
            self.show(self._refused, replace(self._remembered(self._refused), encoding=name))

    @Slot()
    def _show_encodings(self) -> None:
        self.show(self._refused, known=self._misfit)

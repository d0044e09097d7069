"""Opening data: what it is read as, and which actions make sense for what is open."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

import resources
from dinogui.common.actions.action_words import explain
from dinogui.common.actions.window_actions import Actions
from dinogui.library.saving import SUFFIX, Saving
from dinogui.session.data.reading_memory import ReadingMemory, key_of
from dinogui.session.session import Session
from dinogui.workers.file_reader import ReadRequest
from engine.data.corpus import Corpus, corpus_of_entries, names_from_bytes
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.sources.data_source import DataSource
from engine.data.sources.places import MAX_PLACES, key_of_places
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind, ignore_progress
from engine.evaluation.units import Unit
from engine.training.presets import PRESETS_BY_KEY, Preset
from engine.training.recipes import NOTEBOOK

_NO_NAMES = "This is for names, but {} open. Open a list of names first"
_IS_OPEN: dict[DataKind, str] = {
    "names": "others are",
    "text": "a text is",
    "melodies": "melodies are",
}
_NO_DOCUMENTS = (
    "This is for a run that reads documents, each with an end of its own. Open a text of several "
    "documents first"
)
TUNES_CHOICES = ReadingChoices(layout="melodies", transpose="all")
"""How the tunes that come with DinoGUI are read: few as they are, in all keys."""

_TELLS = "This is for names that the network writes, but this run tells the kinds of names"
_NOT_TOLD = "This is for a run that tells kinds. Choose that task in the card Model"
_HAS_KINDS = (
    "The course knows no kinds of names, which the open names have. Read them without kinds"
)
_KIND_HAS_NO_SYMBOLS = "This is for what the network writes. A kind that it tells has one loss"
_NO_MELODIES = "This is for melodies. Open some first"
_NOT_OF_UNIT = {
    Unit.NATS_PER_DOCUMENT: _NO_DOCUMENTS,
    Unit.NATS_PER_NOTE: _NO_MELODIES,
    Unit.BITS_PER_NOTE: _NO_MELODIES,
}
"""Why the losses of a run are not shown in a unit."""
_NO_FILE = "This reads a file again in another way, but no file is open. Open one first"


class Opening(QObject):
    """Opens files, folders and pasted text as names, text or runs.

    It adapts the actions to what is open. Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget
        A part of the window over which files are chosen.
    session : Session
    actions : Actions
    saving : Saving
        Opens runs.

    Attributes
    ----------
    memory : ReadingMemory
        How files were read before, which is how they are read again.
    asks : bool
        Whether a person is asked about data that leave a question.

    Signals
    -------
    refused(str)
        A sentence that says why what was chosen cannot be opened.
    """

    refused = Signal(str)

    def __init__(self, parent: QWidget, session: Session, actions: Actions, saving: Saving) -> None:
        super().__init__(parent)
        self._parent, self._session, self._actions = parent, session, actions
        self._saving = saving
        self.memory, self.asks = ReadingMemory(), True
        self._names_only = (
            actions.copy_names,
            actions.clear_names,
            actions.export_names,
            actions.keep_names,
            actions.recipes[NOTEBOOK],
        )
        each_step = ("Loss of each s&tep", "Draw the loss of every step, in a faint colour")
        self._reworded: dict[DataKind, dict[QAction, tuple[str, str]]] = {
            "names": {},
            "text": {
                actions.generate: (
                    "Write te&xt, or stop",
                    "Let the network continue what you typed, or stop it",
                ),
                actions.show_raw: each_step,
            },
            "melodies": {
                actions.generate: ("&Improvise", "Let the network improvise a melody"),
                actions.live_names: (
                    "&Live melody",
                    "While the network trains, let it improvise again every second",
                ),
                actions.show_raw: each_step,
            },
        }
        self._own_words = {
            action: (action.text(), action.toolTip())
            for action in (
                *self._names_only,
                *self._reworded["melodies"],
                *actions.read_as.values(),
                *actions.units.values(),
            )
        }
        actions.open.triggered.connect(self.choose_files)
        actions.open_folder.triggered.connect(self.choose_folder)
        actions.read_as_group.triggered.connect(self._read_as)
        session.run_begun.connect(self._show_kind)

    @Slot()
    def choose_files(self) -> None:
        """Ask for a file, or several, and open them."""
        paths, _ = QFileDialog.getOpenFileNames(
            self._parent.window(),
            "Open names, text or melodies",
            "",
            f"Names, text and melodies ({data_patterns()});;Runs (*{SUFFIX});;All files (*)",
        )
        if paths:
            self.open_files(paths)

    @Slot()
    def choose_folder(self) -> None:
        """Ask for a folder, and open the texts in it."""
        path = QFileDialog.getExistingDirectory(self._parent.window(), "Open a folder of texts")
        if path:
            self.open_data(path)

    def open_files(self, paths: Sequence[str], kind: DataKind | None = None) -> None:
        """Open files and folders together, as one list or one text.

        A single one is opened as `open_file` does.

        Parameters
        ----------
        paths : sequence of str
            Absolute, at least one.
        kind : str, optional
            As in `open_file`.
        """
        refusal = self.why_not_together(paths)
        if len(paths) == 1:
            self.open_file(paths[0], kind)
        elif refusal:
            self.refused.emit(refusal)
        else:
            self.open_data(key_of_places(paths), kind)

    def why_not_together(self, paths: Sequence[str]) -> str:
        """Return a sentence that says why these files cannot be opened as one; empty if they can.

        A single file can, whatever it is.
        """
        if len(paths) > 1 and any(path.lower().endswith(SUFFIX) for path in paths):
            return (
                "A saved run cannot be opened together with other files. Open only the run, or "
                "only the others."
            )
        if len(paths) > MAX_PLACES:
            return (
                f"{len(paths):,} files are too many to open one by one. Put them into a folder, "
                "and open the folder."
            )
        return ""

    def open_words(self, words: Sequence[str], kind: DataKind | None = None) -> None:
        """Open what a command line names, if anything: files and folders, or the standard input.

        Parameters
        ----------
        words : sequence of str
            Paths, and “-” for the standard input.
        kind : str, optional
            As in `open_file`.
        """
        if not words:
            return
        # No start without words needs to wait for these.
        from engine.data.sources.pasted_source import STANDARD_INPUT
        from engine.data.sources.source_of import source_of

        paths = [word if word == STANDARD_INPUT else os.path.abspath(word) for word in words]
        if STANDARD_INPUT not in paths:
            self.open_files(paths, kind)
            return
        try:
            self.open_data(source_of(paths), kind)
        except CorpusError as error:
            self.refused.emit(str(error))

    def open_file(
        self, path: str, kind: DataKind | None = None, *, preset: Preset | None = None
    ) -> None:
        """Open a file, which may be that of a run; the run shown goes on until it is read.

        Parameters
        ----------
        path : str
            It may stand for several files, see `engine.data.sources.places`.
        kind : str, optional
            "names", "text" or "melodies". If absent, the beginning of the file decides.
        preset : Preset, optional
            What to begin with. It also decides whether a text is lower-cased.
        """
        if path.lower().endswith(SUFFIX):
            self._saving.open(path)
        else:
            self.open_data(path, kind, preset=preset)

    @Slot(str, str, bool)
    def open_downloaded(self, path: str, kind: DataKind, has_kinds: bool) -> None:
        """Open a data set that was downloaded.

        Parameters
        ----------
        path : str
        kind : str
        has_kinds : bool
            Whether each of its files is a kind of names, unless a person chose otherwise before.
        """
        if has_kinds and self.memory.recall(path) is None:
            self.memory.note(path, ReadingChoices(kinds=True))
        self.open_data(path, kind)

    def open_data(
        self,
        source: str | DataSource,
        kind: DataKind | None = None,
        *,
        preset: Preset | None = None,
        choices: ReadingChoices | None = None,
        held_out: float | None = None,
        balance: float | None = None,
    ) -> None:
        """Open names or a text, whatever the file is called; see `open_file`.

        Parameters
        ----------
        source : str or DataSource
            A path, those of several files, or any other source.
        kind, preset
            As in `open_file`.
        choices : ReadingChoices, optional
            How to read the data. If absent, as they were read before; or else as they are
            recognised, and if that leaves a question, a person is asked.
        held_out, balance : float, optional
            As in `Session.load`.
        """
        self._saving.give_up_opening()
        remembered = self.memory.recall(key_of(source)) if choices is None else choices
        if choices is None and remembered is not None and kind is not None:
            remembered = _as_kind(remembered, kind, keeps_case=preset is None)
        request = self.request(source, remembered or AUTOMATIC)
        self._session.load(
            source,
            kind=kind,
            lower_case=request.lower_case_names,
            lower_case_text=request.lower_case_text,
            plan=self._session.plan_of(preset) if preset else None,
            choices=request.choices,
            asks=self.asks and remembered is None,
            held_out=held_out,
            balance=balance,
        )

    def request(self, source: str | DataSource, choices: ReadingChoices) -> ReadRequest:
        """Return how data are read with some choices: the menu settles the case."""
        actions = self._actions
        return ReadRequest(
            source,
            lower_case_names=actions.lower_case.isChecked(),
            lower_case_text=actions.lower_case_text.isChecked(),
            choices=choices,
        )

    def understand(
        self,
        source: DataSource,
        kind: DataKind | None,
        *,
        done: Callable[[Corpus | Text], None],
        refused: Callable[[str], None],
    ) -> None:
        """Have a source read as `open_data` would, without beginning a run.

        Parameters
        ----------
        source, kind
            As in `open_data`.
        done : callable
            Takes the data.
        refused : callable
            Takes a sentence that says why they cannot be read.
        """
        actions = self._actions
        self._session.understand(
            source,
            kind=kind,
            lower_case=actions.lower_case.isChecked(),
            lower_case_text=actions.lower_case_text.isChecked(),
            done=done,
            refused=refused,
        )

    def open_dinosaurs(self) -> None:
        """Open the list that comes with DinoGUI.

        Raises
        ------
        CorpusError
            If the file has been emptied.
        """
        self._saving.give_up_opening()
        content = resources.names_bytes(resources.DINOSAURS)
        lower_case = self._actions.lower_case.isChecked()
        self._session.use(names_from_bytes(content, resources.DINOSAURS, lower_case=lower_case))

    def open_dinosaur_endings(self) -> None:
        """Open those dinosaurs whose names have a usual ending; each ending is a kind.

        Raises
        ------
        CorpusError
            If the file has been changed.
        """
        from engine.data.reading.tables import Table  # no start needs to wait for it

        self._saving.give_up_opening()
        content = resources.names_bytes(resources.DINOSAUR_ENDINGS).decode()
        entries = Table().entries(content, ReadingChoices(kind_column="ending"), ignore_progress)
        lower_case = self._actions.lower_case.isChecked()
        title = resources.DINOSAUR_ENDINGS
        self._session.use(corpus_of_entries(entries, title, lower_case=lower_case))

    @Slot()
    def open_tunes(self) -> None:
        """Open the melodies that come with DinoGUI."""
        # No start needs to wait for these.
        from engine.data.reader import read_data
        from engine.data.sources.pasted_source import PastedSource

        self._saving.give_up_opening()
        source = PastedSource(resources.bundled_melodies().decode(), resources.TUNES)
        tunes = read_data(source, TUNES_CHOICES, kind="melodies")
        self._session.use(tunes, self._session.plan_of(PRESETS_BY_KEY["tunes"]))

    def begin_preset(self, preset: Preset) -> None:
        """Begin a run as a preset describes it; a text is read again if its case differs.

        Raises
        ------
        ValueError
            If a text is too short for it; the run shown goes on.
        """
        session = self._session
        text, path = session.corpus, session.path
        if isinstance(text, Text) and path is not None and text.lower_case != preset.lower_case:
            self._actions.lower_case_text.setChecked(preset.lower_case)
            self.open_data(path, "text", preset=preset)
        else:
            session.begin_preset(preset)

    @Slot(QAction)
    def _read_as(self, action: QAction) -> None:
        path = self._session.path
        self._check_kind()  # until the file is read, nothing has changed
        if path is not None:
            self.open_data(path, action.data())

    def _check_kind(self) -> None:
        self._actions.read_as[self._session.kind].setChecked(True)

    @Slot()
    def _show_kind(self) -> None:
        """Let the actions say what they do with what is open, or why they are disabled."""
        kind, actions, run = self._session.kind, self._actions, self._session.run
        is_text = kind != "names"
        no_names = _NO_NAMES.format(_IS_OPEN[kind])
        self._check_kind()
        for action in actions.read_as.values():
            self._allow(action, self._session.path is not None, _NO_FILE)
        for action in self._names_only:
            self._allow(action, not is_text and not run.tells, _TELLS if run.tells else no_names)
        if run.corpus is not None and run.corpus.kinds is not None:
            self._allow(actions.recipes[NOTEBOOK], False, _HAS_KINDS)
        for action in self._reworded["melodies"]:
            text, tip = self._own_words[action]
            if action in self._reworded[kind]:
                text, tip = self._reworded[kind][action]
                keys = action.shortcut().toString()
                tip = f"{tip} ({keys})" if keys else tip
            action.setText(text)
            action.setToolTip(tip)
        for unit, action in actions.units.items():
            action.setText(unit.label(kind))
            reason = _NOT_OF_UNIT.get(unit, no_names)
            if unit.is_accuracy or run.tells:
                reason = _NOT_TOLD if unit.is_accuracy else _KIND_HAS_NO_SYMBOLS
            self._allow(action, unit in self._session.run.units, reason)

    def _allow(self, action: QAction, is_allowed: bool, reason: str) -> None:
        action.setEnabled(is_allowed)
        explain(action, reason)
        action.setToolTip(self._own_words[action][1] if is_allowed else reason)


def _as_kind(choices: ReadingChoices, kind: DataKind, *, keeps_case: bool) -> ReadingChoices:
    """Return what of some choices still applies if the data are said to be of a kind."""
    from engine.data.reading.registry import LAYOUTS  # no start needs to wait for it

    layout = LAYOUTS.get(choices.layout or "")
    if layout is not None and layout.kind != kind:
        choices = ReadingChoices(encoding=choices.encoding, clean=choices.clean)
    if kind != "names":
        choices = replace(choices, kinds=None, kind_column=None, kind_titles=())
    return choices if keeps_case else replace(choices, lower_case=None)


def data_patterns() -> str:
    """Return the patterns of all layouts' usual file names, as a file dialog takes them."""
    from engine.data.reading.registry import LAYOUTS  # no start needs to wait for it

    suffixes = (suffix for each in LAYOUTS.values() for suffix in each.suffixes)
    return " ".join(f"*{suffix}" for suffix in dict.fromkeys(suffixes))

"""Opening files: what a file is read as, and which actions make sense for what is open."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

import resources
from dinogui.common.actions.action_words import explain
from dinogui.common.actions.window_actions import Actions
from dinogui.library.saving import SUFFIX, Saving
from dinogui.session.session import Session
from engine.data.corpus import names_from_bytes
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.evaluation.units import UNITS
from engine.training.presets import Preset
from engine.training.recipes import NOTEBOOK

_NO_NAMES = "This is for names, but a text is open. Open a list of names first"
_NO_FILE = "This reads a file again in another way, but no file is open. Open one first"


class Opening(QObject):
    """Opens files as names, text or runs, and adapts the actions to what is open.

    Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget
        A part of the window over which files are chosen.
    session : Session
    actions : Actions
    saving : Saving
        Opens runs.
    """

    def __init__(self, parent: QWidget, session: Session, actions: Actions, saving: Saving) -> None:
        super().__init__(parent)
        self._parent, self._session, self._actions = parent, session, actions
        self._saving = saving
        self._names_only = (
            actions.copy_names,
            actions.clear_names,
            actions.export_names,
            actions.keep_names,
            actions.recipes[NOTEBOOK],
        )
        self._reworded = {
            actions.generate: (
                "Write te&xt, or stop",
                "Let the network continue what you typed, or stop it",
            ),
            actions.show_raw: (
                "Loss of each s&tep",
                "Draw the loss of every step, in a faint colour",
            ),
        }
        self._own_words = {
            action: (action.text(), action.toolTip())
            for action in (
                *self._names_only,
                *self._reworded,
                *actions.read_as.values(),
                *actions.units.values(),
            )
        }
        actions.open.triggered.connect(self.choose_file)
        actions.read_as_group.triggered.connect(self._read_as)
        session.run_begun.connect(self._show_kind)

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file, and open it."""
        path, _ = QFileDialog.getOpenFileName(
            self._parent.window(),
            "Open names or text",
            "",
            f"Names and text ({_data_patterns()});;Runs (*{SUFFIX});;All files (*)",
        )
        if path:
            self.open_file(path)

    def open_file(
        self, path: str, kind: DataKind | None = None, *, preset: Preset | None = None
    ) -> None:
        """Open a file, which may be that of a run; the run shown goes on until it is read.

        Parameters
        ----------
        path : str
        kind : str, optional
            "names" or "text". If absent, the beginning of the file decides.
        preset : Preset, optional
            What to begin with. It also decides whether a text is lower-cased.
        """
        if path.lower().endswith(SUFFIX):
            self._saving.open(path)
        else:
            self.open_data(path, kind, preset=preset)

    def open_data(
        self, path: str, kind: DataKind | None = None, *, preset: Preset | None = None
    ) -> None:
        """Open a file of names or a text, whatever its name; see `open_file`."""
        self._saving.give_up_opening()
        actions = self._actions
        self._session.load(
            path,
            kind=kind,
            lower_case=actions.lower_case.isChecked(),
            lower_case_text=actions.lower_case_text.isChecked(),
            plan=self._session.plan_of(preset) if preset else None,
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
        kind, actions = self._session.kind, self._actions
        is_text = kind == "text"
        self._check_kind()
        for action in actions.read_as.values():
            self._allow(action, self._session.path is not None, _NO_FILE)
        for action in self._names_only:
            self._allow(action, not is_text, _NO_NAMES)
        for action, (text, tip) in self._reworded.items():
            own_text, own_tip = self._own_words[action]
            keys = action.shortcut().toString()
            action.setText(text if is_text else own_text)
            action.setToolTip((f"{tip} ({keys})" if keys else tip) if is_text else own_tip)
        for unit, action in actions.units.items():
            action.setText(unit.label(kind))
            self._allow(action, unit in UNITS[kind], _NO_NAMES)

    def _allow(self, action: QAction, is_allowed: bool, reason: str) -> None:
        action.setEnabled(is_allowed)
        explain(action, reason)
        action.setToolTip(self._own_words[action][1] if is_allowed else reason)


def _data_patterns() -> str:
    """Return the patterns of all layouts' usual file names, as a file dialog takes them."""
    from engine.data.reading.registry import LAYOUTS  # no start needs to wait for it

    suffixes = (suffix for each in LAYOUTS.values() for suffix in each.suffixes)
    return " ".join(f"*{suffix}" for suffix in dict.fromkeys(suffixes))

"""Keeps runs in the list that are in files of the person's own."""

import os
from contextlib import suppress

from PySide6.QtCore import QObject, Slot

from dinogui.library.autosave.autosave import Autosave
from dinogui.library.autosave.autosave_folder import AutosaveFolder
from dinogui.library.earlier.earlier_runs import EarlierRuns
from dinogui.session.run import Run
from dinogui.session.session import Session


class OwnFiles(QObject):
    """Notes in the list where the person saves runs, and from where they are opened.

    The run of a file is recognized by its id, or by the path. So each run is listed once, also if
    it was saved to several files: the last one counts. DinoGUI needs no copy of a saved run. A file
    that was moved is recognized when it is opened or added.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    earlier : EarlierRuns
        The parent.
    folder : AutosaveFolder
    autosave : Autosave
    """

    def __init__(
        self, session: Session, earlier: EarlierRuns, folder: AutosaveFolder, autosave: Autosave
    ) -> None:
        super().__init__(earlier)
        self._session, self._earlier = session, earlier
        self._folder, self._autosave = folder, autosave

    @Slot(object)
    def note_saved(self, run: Run) -> None:
        """Note that a run was just saved, and remove what DinoGUI has kept of it."""
        if not run.file or not self._folder.can_write():
            self._autosave.remove_if_saved()
            return
        path = os.path.abspath(run.file)
        kept = self._autosave.path_of(run.id)
        if kept is not None and self._folder.starred(kept, True) == kept:
            self._earlier.catalogue.set_label(run.library_id, is_starred=True)
        self._earlier.catalogue.set_own_file(run.library_id, path, self._take_listed)
        self._earlier.restore_present()

    def _take_listed(self) -> None:
        """Go on once the list knows the file. Its folder may be new, and is watched from now on."""
        self._autosave.remove_if_saved()
        self._earlier.refresh()

    @Slot()
    def note_opened(self) -> None:
        """Note that the run shown was just opened from a file of the person's own."""
        run = self._session.run
        path = os.path.abspath(run.file or "")
        listed = self._listed_at(path)
        key = listed or run.library_id
        self._forget_same(run, key)
        others = (each for each in self._session.runs.all_earlier if each is not run)
        is_taken = any(each.library_id == key for each in others) or self._folder.has(key)
        if not is_taken:
            run.library_id = key
        elif run.library_id == key:
            run.renew_library_id()
        if listed is None and self._folder.can_write():
            self._earlier.catalogue.set_own_file(run.library_id, path)
        self._earlier.restore_present()
        self._earlier.refresh()

    def _listed_at(self, path: str) -> str | None:
        """Return the key of the run that the list has at a path, or at a link to it."""
        own, name = self._earlier.catalogue.own_files(), os.path.basename(path)
        for key, entry in own.items():
            if entry.own_file == path:
                return key
        for key, entry in own.items():
            with suppress(OSError):  # it is gone
                if os.path.basename(entry.own_file) == name and os.path.samefile(
                    entry.own_file, path
                ):
                    return key
        return None

    def _forget_same(self, run: Run, key: str) -> None:
        """Let go of the same run, if it was open already and has not changed since."""
        for other in self._session.runs.all_earlier:
            if other.library_id == key and other.mark == run.mark and not other.is_unsaved:
                self._session.runs.forget(other)

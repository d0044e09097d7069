"""The worker that saves runs to files and opens them: nobody waits for a disk."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Order, RefusedError, Worker
from engine.data.corpus import Corpus
from engine.data.sources.places import are_there, joint_title, key_of_places, places_of_key
from engine.data.text import Text
from engine.data.training_data import CorpusError
from engine.runs.run_label import MAX_TITLE, RunLabel
from engine.storage.validated_mapping import is_text

if TYPE_CHECKING:
    from engine.runs.run_file import SavedRun
    from engine.runs.run_index import FileStamp, Index

AS_DATA = "open as data"
"""What can be done with a text file where a run was wanted."""

# `engine.runs` is imported when a run is first saved or opened: no start needs to wait for it.


@dataclass(frozen=True)
class RunContent:
    """Everything that goes into the file of a run.

    Attributes
    ----------
    corpus : Corpus or Text
    path : str or None
        Where the data was read, as `engine.data.sources.places` writes it; None if it cannot be
        read there again.
    copy : RunCopy
        The training's part.
    extras : dict of str to array or JSON value
        The window's part: the curve, the log, and so on.
    with_data : bool or None
        As in `engine.runs.run_file.save_run`.
    damage : str
        As in `engine.runs.run_file.SavedRun`.
    """

    corpus: Corpus | Text
    path: str | None
    copy: RunCopy
    extras: Mapping[str, Any]
    with_data: bool | None = None
    damage: str = ""


@dataclass(frozen=True)
class Addable:
    """What becomes of a file that is added to the list of runs.

    Attributes
    ----------
    label : RunLabel
        What is noted of it in the list, with a name of its own.
    same_as : str or None
        The id of a run in the list whose file has the same content. Then nothing was copied.
    moved_from : str or None
        The id of a run in the list whose own file was missing, and is this one.
    """

    label: RunLabel
    same_as: str | None = None
    moved_from: str | None = None


class RunFileWorker(Worker):
    """Saves, opens, renames and removes files of runs, one after the other.

    Lives in the saving thread.
    """

    task = "Saving or opening a run"

    def write(self, path: str, run: RunContent) -> str:
        """Write a run to a file, completely or not at all; return what was left out, if anything.

        Raises
        ------
        RefusedError
            If it cannot be written. A file that was there before is unchanged.
        """
        from engine.runs.run_file import NO_ROOM_SENTENCE, save_run

        extras = dict(run.extras) | {"seconds": run.copy.seconds, "path": run.path}
        with_data = run.with_data
        if run.path is None and with_data is None:
            with_data = True  # such as what was pasted: it is nowhere else
        try:
            has_room = save_run(
                path,
                run.corpus,
                run.copy.state,
                extras,
                with_data=with_data,
                checkpoints=run.copy.checkpoints,
            )
        except OSError as error:
            sentence = f"“{path}” cannot be written: {error.strerror or error}."
            raise RefusedError(sentence) from error
        return "" if has_room else NO_ROOM_SENTENCE

    def read(self, path: str, at_hand: Corpus | Text | None) -> RunContent:
        """Return a run whose state has been tried on its data, so that training can go on.

        Parameters
        ----------
        path : str
        at_hand : Corpus, Text or None
            The session's data, which may be the run's.

        Raises
        ------
        RefusedError
            If it cannot be opened; a sentence says why.
        """
        from engine.runs.run_file import load_run
        from engine.storage.archive import TextFileError

        try:
            saved = load_run(path)
            data_path = _data_path(saved)
            corpus = _data_of(saved, at_hand, data_path)
            saved.resume(corpus)
        except TextFileError as error:
            sentence = f"“{Path(path).name}” is not a saved run but a text file."
            raise RefusedError(sentence, instead=AS_DATA) from error
        except ValueError as error:
            if _is_midi_file(path):
                sentence = f"“{Path(path).name}” is not a saved run but a MIDI file."
                raise RefusedError(sentence, instead=AS_DATA) from error
            raise RefusedError(str(error)) from error
        copy = _copy_of(saved, path)
        return RunContent(corpus, data_path, copy, saved.extras, damage=saved.damage)

    def look_into(self, path: str) -> SavedRun:
        """Return what a file holds. Its state is not tried on its data.

        Raises
        ------
        RefusedError
            If it holds no run; a sentence says why.
        """
        from engine.runs.run_file import load_run

        try:
            return load_run(path)
        except ValueError as error:
            raise RefusedError(str(error)) from error

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        Path(path).unlink(missing_ok=True)

    def rename(self, path: str, new_path: str) -> None:
        """Rename a file, if it is there."""
        with suppress(FileNotFoundError):
            os.rename(path, new_path)

    def look_up(self, folder: str, files: Sequence[FileStamp]) -> Index:
        """Return what the index of a folder says of its runs, with these files as they are now."""
        from dinogui.workers import run_index_file

        return run_index_file.look_up(folder, files)

    def label(self, folder: str, run_id: str, changes: Mapping[str, Any]) -> Index:
        """Change what is noted of a run.

        Raises
        ------
        RefusedError
            If it cannot be written; a sentence says why.
        """
        from dinogui.workers import run_index_file

        return run_index_file.label(folder, run_id, changes)

    def note_own_file(self, folder: str, run_id: str, path: str) -> Index:
        """Note in the index of a folder that a run is in a file of the person's own.

        Raises
        ------
        RefusedError
            If it cannot be written; a sentence says why.
        """
        from dinogui.workers import run_index_file

        return run_index_file.note_own_file(folder, run_id, path)

    def add(
        self,
        path: str,
        new_path: str,
        listed: Mapping[str, str],
        missing: Collection[str],
        check: Callable[[SavedRun], None],
    ) -> Addable:
        """Copy the file of a run to another folder, unless the list of runs has it already.

        Parameters
        ----------
        path, new_path : str
        listed : dict of str to str
            The files of the runs in the list, by their ids.
        missing : collection of str
            The ids of those whose own files are missing.
        check : callable
            Raises a ValueError if what the window keeps in a run is damaged.

        Raises
        ------
        RefusedError
            If it holds no whole run, or cannot be copied; a sentence says why.
        """
        try:
            saved = self._whole_run(path, check)
            label = _label_of_added(path, saved)
            same = next((each for each in listed if _is_same_file(path, listed[each])), None)
            run_id = saved.extras.get("id")
            if same is not None:
                return Addable(label, same_as=same)
            if isinstance(run_id, str) and run_id in missing:
                return Addable(label, moved_from=run_id)
            self.copy(path, new_path)
        except OSError as error:
            sentence = f"“{path}” cannot be added: {error.strerror or error}."
            raise RefusedError(sentence) from error
        return Addable(label)

    def copy(self, path: str, new_path: str) -> None:
        """Copy a file, completely or not at all.

        Raises
        ------
        RefusedError
            If it cannot be copied; a sentence says why.
        """
        from engine.storage.files import atomic_writer

        try:
            with open(path, "rb") as file, atomic_writer(new_path) as copy:
                shutil.copyfileobj(file, copy)
        except OSError as error:
            sentence = f"“{path}” cannot be copied: {error.strerror or error}."
            raise RefusedError(sentence) from error

    def _whole_run(self, path: str, check: Callable[[SavedRun], None]) -> SavedRun:
        """Read a run, and try its state on its data if they are in the file."""
        saved, name = self.look_into(path), Path(path).name
        _copy_of(saved, path)
        try:
            check(saved)
        except ValueError as error:
            raise RefusedError(f"“{name}” is damaged: {error}") from error
        try:
            if saved.corpus is not None:
                saved.resume(saved.corpus)
        except ValueError as error:
            raise RefusedError(f"“{name}” cannot be added: {error}") from error
        return saved

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        path = order.arguments[0] if order is not None else ""
        is_writing = order is not None and order.method is RunFileWorker.write
        return f"“{path}” cannot be {'written' if is_writing else 'read'}: {error}."


def _copy_of(saved: SavedRun, path: str) -> RunCopy:
    """Return the training's part of a run.

    Raises
    ------
    RefusedError
        If the time that it was trained for is damaged.
    """
    try:
        return RunCopy(saved.state, saved.seconds, saved.checkpoints)
    except ValueError as error:
        raise RefusedError(f"“{Path(path).name}” is damaged: {error}") from error


def _label_of_added(path: str, saved: SavedRun) -> RunLabel:
    """Return what is noted of a file that is added; without a name, it is called as the file is."""
    label = replace(RunLabel.from_json(saved.extras.get("label")), deleted=None)
    name = Path(path).name.encode(errors="replace").decode()[:MAX_TITLE]
    is_named = label.title or saved.extras.get("name") == name or not is_text(name, MAX_TITLE)
    return label if is_named else replace(label, title=name)


def _is_same_file(path: str, other: str) -> bool:
    """Whether two files have the same content."""
    with suppress(OSError):  # the other one is gone
        return filecmp.cmp(path, other, shallow=False)
    return False


def _data_path(saved: SavedRun) -> str | None:
    """Return where the run's data was read, if all of these files and folders still exist."""
    key = saved.extras.get("path")
    try:
        places = places_of_key(key) if isinstance(key, str) else ()
    except ValueError:
        return None
    # The run may come from anybody: it must not make this machine ask another one for a file.
    if any(place.startswith(("//", "\\\\")) for place in places):
        return None
    return key if places and are_there(key_of_places(places)) else None


def _data_of(saved: SavedRun, at_hand: Corpus | Text | None, path: str | None) -> Corpus | Text:
    """Return a run's data: from its own file, at hand, or from where it was read.

    Raises
    ------
    CheckpointError
        If it is nowhere, or has changed.
    """
    from engine.storage.archive import CheckpointError

    if saved.corpus is not None:
        return saved.corpus
    if at_hand is not None and at_hand.fingerprint == saved.fingerprint:
        return at_hand
    read = _read_again(saved, path) if path is not None else None
    if read is not None and read.fingerprint == saved.fingerprint:
        return read
    where = f"{_named(path)} changed" if path else "it is not where it was read"
    raise CheckpointError(
        f"The run's data, “{saved.source}”, is not in its file, and {where}. Open the data first, "
        "with File > Open, and then the run."
    )


def _named(key: str) -> str:
    """Return files and folders as the subject of a sentence that goes on after "has" or "have"."""
    places = places_of_key(key)
    verb = "has" if len(places) == 1 else "have"
    return f"“{joint_title(places)}” {verb}"


def _read_again(saved: SavedRun, path: str) -> Corpus | Text | None:
    # No start needs to wait for these.
    from engine.data.reader import read_data
    from engine.data.sources.source_of import source_of

    network = saved.network
    choices = replace(saved.choices, lower_case=network.lower_case)
    try:
        return read_data(source_of(places_of_key(path)), choices, kind=network.kind)
    except CorpusError:  # something else is there now
        return None


def _is_midi_file(path: str) -> bool:
    from engine.data.sources.kinds_of_file import is_midi  # no start needs to wait for it

    try:
        with Path(path).open("rb") as file:
            return is_midi(file.read(12))
    except (OSError, ValueError):  # it cannot be read, or no file can have such a name
        return False

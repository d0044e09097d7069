"""The folder of a race: a run's file for each lane, and ``race.json``, which says how they race.

``race.json`` is written last, and names the files of the lanes. These never replace files that an
earlier ``race.json`` names, so the folder holds a whole race at any moment.
resources/docs/file-format.md describes it.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.fast.split_batches import Helper
from engine.racing.lane import MAX_LANES, MAX_TITLE, MIN_LANES, Lane
from engine.racing.race import Race, RacePlan, RacingLane
from engine.runs.entries.checkpoint_entries import MAX_FILE_BYTES
from engine.runs.run_file import SavedRun, load_run, save_run
from engine.runs.saved_log import log_extras, read_log
from engine.storage.archive import CheckpointError
from engine.storage.files import atomic_writer
from engine.storage.validated_mapping import (
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
    is_file_name,
    shown,
)
from engine.training.ranges import MAX_STEPS

FORMAT, VERSION = "dinogui race", 1

RACE_FILE = "race.json"

CURVE = "race."
"""What the names of a lane's curve begin with, in the extras of its run."""

_MAX_BYTES = 100_000
"""Size of the largest race.json that is read."""

_MAX_STEM = 40
"""Characters of the longest name of a lane's file, without its suffix."""


class RaceFolderError(CheckpointError):
    """A folder does not hold a usable race. The message is a sentence for people."""


def holds_other_files(path: str | os.PathLike[str]) -> bool:
    """Whether a path is a folder in which there is something, but no race; or no folder."""
    place = Path(path)
    if not place.exists():
        return False
    return not place.is_dir() or (not is_race_folder(place) and any(place.iterdir()))


def is_race_folder(path: str | os.PathLike[str]) -> bool:
    """Whether a path is a folder with a race, whole or damaged."""
    return (Path(path) / RACE_FILE).is_file()


def save_race(
    folder: str | os.PathLike[str],
    race: Race,
    *,
    with_data: bool | None = None,
    extras: Sequence[Mapping[str, Any]] = (),
) -> bool:
    """Save a race in a folder, whole or not at all. The folder is made if there is none.

    A race that is there already is replaced. Other files in the folder stay.

    Parameters
    ----------
    folder : path
    race : Race
        Between two slices.
    with_data : bool, optional
        Whether the files hold the data; by default if they are not large, as in
        `engine.runs.run_file.save_run`.
    extras : sequence of mapping
        What the file of each lane is to hold besides; empty if nothing.

    Returns
    -------
    bool
        Whether the disk had room for the checkpoints of all lanes.

    Raises
    ------
    OSError
        If the folder cannot be written. A race that was there stays as it was.
    """
    place = Path(folder)
    is_new = not place.exists()
    place.mkdir(parents=True, exist_ok=True)
    before = _lane_files(place)
    written: list[Path] = []
    has_room = True
    try:
        for number, lane in enumerate(race.lanes, start=1):
            path = _unused(place, f"{number}-{_plain(lane.title)}")
            written.append(path)
            more = extras[number - 1] if extras else {}
            has_room &= _save_lane(path, race, lane, with_data, more)
        content = _to_json(race, [path.name for path in written])
        with atomic_writer(place / RACE_FILE) as file:
            file.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
    except BaseException:
        _remove(written)
        if is_new:
            with suppress(OSError):
                place.rmdir()
        raise
    _remove(before)
    return has_room


def remove_race(folder: str | os.PathLike[str]) -> None:
    """Remove a race, and its folder if nothing else is in it. Errors are ignored."""
    place = Path(folder)
    lanes = _lane_files(place)
    _remove([place / RACE_FILE, *lanes])
    with suppress(OSError):
        place.rmdir()


def steps_of_race(folder: str | os.PathLike[str]) -> tuple[int, int]:
    """Return how many lanes a race has, and the steps of the lane that has made most.

    Raises
    ------
    RaceFolderError
        If there is no usable race.
    """
    lanes = _read(Path(folder)).value("lanes")
    return len(lanes), max(entry["step"] for entry in lanes)


def open_race(
    folder: str | os.PathLike[str],
    corpus: Corpus | Text | None = None,
    helper: Helper | None = None,
) -> Race:
    """Open a race that was saved. It goes on as if it had never been saved.

    Parameters
    ----------
    folder : path
    corpus : Corpus or Text, optional
        The data, if they are not in the folder.
    helper : Helper, optional
        As in `engine.training.trainer.Trainer`.

    Raises
    ------
    CheckpointError
        If there is no usable race, or the data are missing or others.
    """
    content = _read(Path(folder))
    lanes: list[RacingLane] = []
    for title, saved in _open_runs(Path(folder), content):
        # All lanes share one copy of the data.
        corpus = saved.data(corpus)
        trainer = saved.resume(corpus, helper)
        state = saved.state
        with _blaming(Path(folder)):
            lane = RacingLane(
                Lane(state.initial_hyperparameters, state.settings, state.recipe, title),
                trainer,
                saved.seconds,
                read_log(saved.extras),
            )
            curve = ValidatedMapping(saved.extras).part(CURVE)
            lane.curve.restore(curve, state.step)
        lanes.append(lane)
    assert corpus is not None
    with _blaming(Path(folder)):
        plan = dataclass_from_json(RacePlan, content.value("plan"))
        return Race.continued(corpus, lanes, plan)


def open_lanes(folder: str | os.PathLike[str]) -> list[tuple[str, SavedRun]]:
    """Return the title and the saved run of each lane of a race.

    Raises
    ------
    CheckpointError
        If there is no usable race.
    """
    return _open_runs(Path(folder), _read(Path(folder)))


def _open_runs(folder: Path, content: ValidatedMapping) -> list[tuple[str, SavedRun]]:
    runs: list[tuple[str, SavedRun]] = []
    for entry in content.value("lanes"):
        saved = load_run(folder / entry["file"])
        with _blaming(folder):
            if saved.state.step != entry["step"] or saved.fingerprint != content.value("data"):
                raise ValueError(
                    f"“{entry['file']}” is not the run that its lane had when the race was saved."
                )
        runs.append((entry["title"], saved))
    return runs


def _save_lane(
    path: Path,
    race: Race,
    lane: RacingLane,
    with_data: bool | None,
    more: Mapping[str, Any],
) -> bool:
    extras = dict(more) | {CURVE + name: value for name, value in lane.curve.state().items()}
    extras |= log_extras(lane.log)
    return save_run(
        path,
        race.corpus,
        lane.trainer.state(),
        extras | {"seconds": lane.seconds},
        with_data=with_data,
        checkpoints=lane.trainer.checkpoints or (),
        max_checkpoint_bytes=MAX_FILE_BYTES // len(race.lanes),
    )


def _to_json(race: Race, names: list[str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "data": race.corpus.fingerprint,
        "plan": dataclass_to_json(race.plan),
        "lanes": [
            {"title": lane.title, "file": name, "step": lane.trainer.step}
            for lane, name in zip(race.lanes, names, strict=True)
        ],
    }


def _read(folder: Path) -> ValidatedMapping:
    """Return the content of race.json, checked.

    Raises
    ------
    RaceFolderError
        If there is none, or it is damaged.
    """
    path = folder / RACE_FILE
    if not folder.is_dir():
        raise RaceFolderError(f"There is no folder “{folder}”. Choose the folder of a saved race.")
    if not path.is_file():
        raise RaceFolderError(
            f"“{folder}” holds no race, because it has no {RACE_FILE}. Choose the folder of a "
            "saved race."
        )
    with _blaming(folder):
        try:
            with path.open("rb") as file:
                text = file.read(_MAX_BYTES + 1)
        except OSError as error:
            raise RaceFolderError(f"“{path}” cannot be read: {error.strerror}.") from error
        if len(text) > _MAX_BYTES:
            raise ValueError(f"{RACE_FILE} is too large.")
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{RACE_FILE} is not JSON.") from error
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise ValueError(f"{RACE_FILE} was not written by DinoGUI.")
        return _checked(values)


def _checked(values: Mapping[str, Any]) -> ValidatedMapping:
    content = ValidatedMapping(values)
    version = content.whole("version", least=1)
    if version > VERSION:
        raise RaceFolderError(
            f"The race was saved by a later version of DinoGUI (version {version} of the format). "
            "Update DinoGUI to open it."
        )
    content.text("data", 64)
    lanes = content.value("lanes")
    if not isinstance(lanes, list) or not MIN_LANES <= len(lanes) <= MAX_LANES:
        raise ValueError(f"lanes must be a list of {MIN_LANES} to {MAX_LANES}, got {shown(lanes)}.")
    for entry in lanes:
        if not isinstance(entry, dict):
            raise ValueError(f"A lane must be an object, got {shown(entry)}.")
        lane = ValidatedMapping(entry)
        lane.text("title", MAX_TITLE)
        lane.whole("step", most=MAX_STEPS)
        name = lane.value("file")
        if not is_file_name(name) or Path(name).name != name or "\\" in name:
            raise ValueError(f"file must be the name of a file in the folder, got {shown(name)}.")
    return content


@contextmanager
def _blaming(folder: Path) -> Iterator[None]:
    """Report a ValueError inside the ``with`` as damage of a folder."""
    try:
        yield
    except CheckpointError:
        raise
    except ValueError as error:
        raise RaceFolderError(f"The race in “{folder}” is damaged: {error}") from error


def _lane_files(folder: Path) -> list[Path]:
    """Return the files that the race in a folder names; none if there is no readable race."""
    if not is_race_folder(folder):
        return []
    with suppress(CheckpointError):
        return [folder / entry["file"] for entry in _read(folder).value("lanes")]
    return []


def _remove(paths: list[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _plain(title: str) -> str:
    """Return a title as part of the name of a file: "RNN 99" becomes "rnn-99"."""
    return re.sub(r"[^a-z0-9.]+", "-", title.lower()).strip("-.")[:_MAX_STEM] or "lane"


def _unused(folder: Path, stem: str) -> Path:
    """Return a path in a folder where there is no file yet."""
    path, number = folder / f"{stem}.npz", 1
    while path.exists() or path.is_symlink():
        number += 1
        path = folder / f"{stem}.{number}.npz"
    return path

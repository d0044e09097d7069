"""One text for all the files and folders that data were read from.

The window and the files of runs keep it where a single path would do for most: a path stands for
itself, and several paths for themselves as a JSON list. Paths are absolute, so that no path can
look like such a list.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from engine.storage.validated_mapping import MAX_FILE_NAME

MAX_PLACES = 1_000
"""Most files and folders that are remembered together."""


def key_of_places(places: Sequence[str]) -> str:
    """Return the text for one or more paths."""
    return places[0] if len(places) == 1 else json.dumps(list(places))


def places_of_key(key: str) -> tuple[str, ...]:
    """Return the paths that a text stands for, from whatever file it comes.

    Raises
    ------
    ValueError
        If it stands for no paths.
    """
    places = [key]
    if key.startswith("["):
        try:
            places = json.loads(key)
        except (ValueError, RecursionError):
            places = []
    are_paths = isinstance(places, list) and all(
        isinstance(place, str) and place and "\0" not in place and len(place) <= MAX_FILE_NAME
        for place in places
    )
    if not are_paths or not 1 <= len(places) <= MAX_PLACES:
        raise ValueError("The text is no path and no list of paths.")
    return tuple(places)


def joint_title(titles: Sequence[str]) -> str:
    """Return what to call several sources together: "a.txt and b.txt", "a.txt and 2 more".

    Files that differ only in their endings are called by their common name.
    """
    first, *others = titles
    if not others:
        return first
    stem = Path(first).stem
    if stem and all(Path(other).stem == stem and other != first for other in others):
        return stem
    return f"{first} and {others[0] if len(others) == 1 else f'{len(others)} more'}"


def are_there(key: str) -> bool:
    """Tell whether all files and folders that a text stands for still exist."""
    try:
        return all(map(_is_there, places_of_key(key)))
    except (OSError, ValueError):
        return False


def is_among(path: str, key: str) -> bool:
    """Tell whether an existing file is one of those that a text stands for, or in such a folder."""
    try:
        return any(_is_at(path, place) for place in places_of_key(key))
    except ValueError:
        return False


def _is_at(path: str, place: str) -> bool:
    """Tell whether a path leads to a file or into a folder, also by a link."""
    try:
        if os.path.isdir(place):
            return Path(path).resolve(strict=True).is_relative_to(Path(place).resolve())
        return os.path.samefile(path, place)
    except OSError:  # one of them is not there
        return False


def _is_there(place: str) -> bool:
    return os.path.isfile(place) or os.path.isdir(place)

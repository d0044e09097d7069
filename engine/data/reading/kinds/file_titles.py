"""The titles of kinds where each file is a kind."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from engine.data.reading.kinds.found_kinds import MAX_TITLE, clean_title, key_of

BETWEEN = " / "
"""Stands between the folders and the file in a title."""

_UNNAMED = "unnamed"


def file_titles(names: Sequence[str]) -> list[str]:
    """Return the title of each file: its name without its ending.

    Where several files have the same name, the folders that they are in stand before it, as many as
    are needed to tell the files apart. Files of the same path but for the ending are one kind.

    Parameters
    ----------
    names : sequence of str
        As in `SourcePart.name`: "names/german.txt".
    """
    paths = [_path(name) for name in names]
    lengths = [1] * len(paths)
    for _ in range(max(map(len, paths), default=1)):
        titles = [_title(path, length) for path, length in zip(paths, lengths, strict=True)]
        # Of those with the same title, only those of different paths can be told apart.
        different = {(key_of(title), path) for title, path in zip(titles, paths, strict=True)}
        shared = Counter(key for key, _ in different)
        for i, title in enumerate(titles):
            lengths[i] += shared[key_of(title)] > 1
    return titles


def _path(name: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    parts = (*path.parts[:-1], path.stem)
    return tuple(clean_title(part) or _UNNAMED for part in parts)


def _title(path: tuple[str, ...], length: int) -> str:
    return BETWEEN.join(path[-length:])[-MAX_TITLE:].strip()

"""Proposals as text, for other programs. Names are written in Title Case, as they are shown."""

import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from engine.sampling.candidates import Candidate
from engine.sampling.names import title_case
from engine.storage.files import atomic_writer

COLUMNS = (
    *("name", "status", "nearest", "distance", "nats_per_character"),
    *("step", "seed", "number", "temperature"),
)
"""What is told of each name; JSON tells each letter's surprisal besides. Unknown is empty."""


def to_txt(candidates: Iterable[Candidate]) -> str:
    """Write the names only, one a line."""
    return "".join(f"{title_case(candidate.name)}\n" for candidate in candidates)


def to_csv(candidates: Iterable[Candidate]) -> str:
    """Write a table with a head, a line for each name; what has to be quoted is."""
    return _table(map(_row, candidates), COLUMNS)


def to_json(candidates: Iterable[Candidate]) -> str:
    """Write a list of objects: the columns, and ``surprisals``, each letter's and the end's."""
    rows = [
        _row(candidate) | {"surprisals": list(candidate.score.surprisals)}
        for candidate in candidates
    ]
    return _json(rows)


FORMATS: dict[str, Callable[[Iterable[Candidate]], str]] = {
    "txt": to_txt,
    "csv": to_csv,
    "json": to_json,
}
"""By their usual suffix."""


def export(path: str | os.PathLike[str], candidates: Iterable[Candidate], form: str) -> None:
    """Write proposals to a file, as UTF-8, whole or not at all.

    Parameters
    ----------
    form : str
        One of `FORMATS`.

    Raises
    ------
    ValueError
        If there is no such format.
    OSError
        If it cannot be written; what was there before is left alone.
    """
    _check_form(form)
    _write(path, FORMATS[form](candidates))


def export_rows(
    path: str | os.PathLike[str],
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[str],
    form: str,
) -> None:
    """Write names with whatever else is known of them; otherwise as `export`.

    Parameters
    ----------
    rows : sequence of mapping
        By column; text has the column ``name`` only.
    columns : sequence of str
        Of the table, in their order.
    """
    _check_form(form)
    if form == "txt":
        content = "".join(f"{row['name']}\n" for row in rows)
    else:
        content = _table(rows, columns) if form == "csv" else _json(rows)
    _write(path, content)


def _check_form(form: str) -> None:
    if form not in FORMATS:
        raise ValueError(f"form must be one of {', '.join(FORMATS)}, got {form!r}.")


def _table(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    import csv  # here, because it takes long, and a window is painted without it

    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _json(rows: Sequence[Mapping[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _write(path: str | os.PathLike[str], content: str) -> None:
    with atomic_writer(path) as file:
        file.write(content.encode("utf-8"))


def _row(candidate: Candidate) -> dict[str, object]:
    near = candidate.nearest
    return {
        "name": title_case(candidate.name),
        "status": candidate.status.value if candidate.status else None,
        "nearest": title_case(near.name) if near else None,
        "distance": near.distance if near else None,
        "nats_per_character": candidate.score.nats_per_character,
        "step": candidate.step,
        "seed": candidate.seed,
        "number": candidate.number,
        "temperature": candidate.temperature,
    }

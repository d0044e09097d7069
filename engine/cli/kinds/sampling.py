"""Names of several kinds, one kind after the other, as the command ``sample`` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.nn.kinds import of_blend
from engine.nn.parameters import Parameters
from engine.runs.saved_network import SavedNetwork
from engine.sampling.candidates import find_candidates
from engine.sampling.constraints import Constraints
from engine.sampling.export import ExportRow, candidate_rows
from engine.sampling.known_names import KnownNames


@dataclass(frozen=True)
class NameSource:
    """A network that writes names, and what they are called.

    Attributes
    ----------
    title : str
        A kind or a blend; empty if the network knows no kinds.
    parameters : Parameters
        Of a network that is not told kinds, or is at a blend of them.
    """

    title: str
    parameters: Parameters


def sources_of_kinds(parameters: Parameters, titles: Sequence[str]) -> list[NameSource]:
    """Return a network at each of its kinds."""
    kinds = np.eye(len(titles))
    return [
        NameSource(title, of_blend(parameters, kind))
        for title, kind in zip(titles, kinds, strict=True)
    ]


def sample_in_turn(
    sources: Sequence[NameSource],
    model: SavedNetwork,
    constraints: Constraints,
    known: KnownNames | None,
    *,
    with_nearest: bool,
) -> tuple[list[ExportRow], list[str]]:
    """Sample names of some sources: one of the first, one of the second, and so on.

    Each draws from the same random streams, so the same numbers stand for a name of each kind.

    Parameters
    ----------
    sources : sequence of NameSource
    model : SavedNetwork
        Whose names they are.
    constraints : Constraints
        Its `count` is that of all names.
    known : KnownNames or None
    with_nearest : bool
        As in `find_candidates`.

    Returns
    -------
    rows : list of ExportRow
        What is known of each name, with the column "kind" if the network knows kinds.
    notes : list of str
        Sentences that say of which kinds too few names were found, and why.
    """
    rows_of: list[list[ExportRow]] = []
    notes: list[str] = []
    for place, source in enumerate(sources):
        count = (constraints.count + len(sources) - 1 - place) // len(sources)
        if not count:
            break
        *_, result = find_candidates(
            source.parameters,
            model.vocabulary,
            replace(constraints, count=count),
            known,
            step=model.trained_steps,
            with_nearest=with_nearest,
        )
        rows_of.append([_with_kind(row, source) for row in candidate_rows(result.candidates)])
        if result.note:
            notes.append(f"{source.title}: {result.note}" if len(sources) > 1 else result.note)
    rounds = max(map(len, rows_of))
    return [rows[i] for i in range(rounds) for rows in rows_of if i < len(rows)], notes


def _with_kind(row: ExportRow, source: NameSource) -> ExportRow:
    if not source.title:
        return row
    name = {"name": row["name"], "kind": source.title}
    return name | {column: value for column, value in row.items() if column != "name"}

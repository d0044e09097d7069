"""What a person notes of a run, so that it is found again: a title, a note, a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.storage.validated_mapping import is_text

MAX_TITLE = 200
"""Characters of the longest title."""

MAX_NOTE = 10_000
"""Characters of the longest note."""

MAX_COLOUR = 100
"""A place in a list of colours is below this."""


@dataclass(frozen=True)
class RunLabel:
    """What a person has noted of a run.

    Attributes
    ----------
    title : str
        What the run is called; empty if nobody has named it.
    note : str
    colour : int or None
        Place in the window's colours of runs; None if nobody has chosen one.
    deleted : float or None
        When it was put into the trash, in seconds since 1970; None if it is not there.
    is_starred : bool
        Whether a run that is in a file of the person's own has a star. That of a file in the folder
        of runs is in the name of the file.
    """

    title: str = ""
    note: str = ""
    colour: int | None = None
    deleted: float | None = None
    is_starred: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what differs from an empty label, as values that JSON has a form for."""
        return {
            name: value for name, value in vars(self).items() if value != getattr(NO_LABEL, name)
        }

    @classmethod
    def from_json(cls, values: Any) -> RunLabel:
        """Return the label that `to_json` wrote. What is missing or not valid is empty."""
        found: dict[str, Any] = values if isinstance(values, dict) else {}
        title, note = found.get("title", ""), found.get("note", "")
        colour, deleted = found.get("colour"), found.get("deleted")
        is_place = type(colour) is int and 0 <= colour < MAX_COLOUR
        is_time = isinstance(deleted, float) and deleted >= 0
        return cls(
            title if is_text(title, MAX_TITLE) else "",
            note if is_text(note, MAX_NOTE) else "",
            colour if is_place else None,
            deleted if is_time else None,
            found.get("is_starred") is True,
        )


NO_LABEL = RunLabel()
"""Of a run of which nothing was noted."""

"""Data that a person is about to open, and how they are to be read."""

import os
from dataclasses import dataclass

from dinogui.workers.file_reader import ReadRequest
from engine.data.sources.places import joint_title, places_of_key


@dataclass(frozen=True)
class DataToOpen:
    """Data, and how a person wants them to be read.

    Attributes
    ----------
    request : ReadRequest
    held_out : float
        Share of the data to hold out, from 0 to 1.
    balance : float
        How evenly the kinds of names are to be drawn, from 0 to 1.
    """

    request: ReadRequest
    held_out: float
    balance: float = 0.0

    @property
    def title(self) -> str:
        """What to call the data: the names of their files."""
        source = self.request.source
        if not isinstance(source, str):
            return source.title
        return joint_title([os.path.basename(place) or place for place in places_of_key(source)])

"""What the parts of the data are called: letters of names, symbols of tunes."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.data.training_data import DataKind


@dataclass(frozen=True)
class DataNouns:
    """The nouns for one kind of data.

    Attributes
    ----------
    symbol : str
        What the network reads in one step.
    sequence : str
        What it reads one after the other.
    sequences : str
        Several of them, in the data.
    latest : str
        What was learned from last.
    example : str
        What has a kind, if the data have kinds.
    told : str
        What a network reads to tell the kind, in the plural.
    """

    symbol: str
    sequence: str
    sequences: str
    latest: str
    example: str
    told: str

    def said(self, text: str) -> str:
        """Return a text about letters as one about what the network reads in one step."""
        return text.replace("letter", self.symbol)


DATA_NOUNS: Mapping[DataKind, DataNouns] = {
    "names": DataNouns("letter", "name", "names", "the latest training name", "name", "names"),
    "text": DataNouns(
        *("letter", "piece", "pieces of the text", "the latest piece of the text"),
        *("document", "documents"),
    ),
    "melodies": DataNouns(
        *("symbol", "piece", "pieces of tunes", "the latest piece of a tune"),
        *("tune", "passages"),
    ),
}

"""A name worth keeping, as the window, its workers and its files know it."""

from dataclasses import asdict, dataclass

from engine.data.reading.casing import title_case

MAX_KIND = 1_000
"""Characters of the longest description of a blend of kinds."""

Key = tuple[str, str]
"""The name and the data of a kept name."""


@dataclass(frozen=True)
class KeptName:
    """A name worth keeping, and where it came from.

    Attributes
    ----------
    name : str
        As the network wrote it.
    data : str
        What the network learned from.
    model : str
        The network's cell and widths.
    step : int
        Steps that the network had made.
    nats_per_character : float
        The score of the name under that network.
    seed : int or None
        Of the random streams; None where a person wrote the name together with the network.
    temperature : float or None
        Of the sampling; None likewise.
    kind : str
        The kind, or the blend of kinds, at which it was written: "Greek". Empty if there are none.
    """

    name: str
    data: str
    model: str
    step: int
    nats_per_character: float
    seed: int | None = None
    temperature: float | None = None
    kind: str = ""

    @property
    def key(self) -> Key:
        """What identifies a kept name: the same name of the same data is kept once."""
        return self.name, self.data


def kept_row(kept: KeptName) -> dict[str, object]:
    """Return a kept name as it is exported, by column, with the name in Title Case."""
    return asdict(kept) | {"name": title_case(kept.name)}

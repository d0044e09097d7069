"""The constraints that sampled names have to meet, checked when they are made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from engine.data.training_data import MAX_NAME_LENGTH
from engine.data.vocabulary import END
from engine.sampling.decoding import DecodingStrategy, SamplingError
from engine.sampling.names import MAX_LENGTH

_TEXTS = ("prefix", "suffix", "containing")


@dataclass(frozen=True)
class Constraints:
    """Which names are wanted, and how they are decoded.

    Attributes
    ----------
    count : int
        Number of names, 1 or more.
    temperature, greedy, top_k, top_p
        As in `engine.sampling.decoding.DecodingStrategy`.
    prefix : str
        What each name begins with. The network reads it as if it had written it.
    suffix, containing : str
        What each name ends with, and what it contains somewhere. Other names are drawn and
        rejected, which leaves the relative probabilities of the accepted names as they are.
    shortest, longest : int
        Length in letters, the prefix included, from 1 to
        `engine.data.training_data.MAX_NAME_LENGTH`.
    only_new : bool
        Whether to reject training names and held-out names.
    no_repeats : bool
        Whether to reject names that were found before.
    seed : int
        Seed of the random streams, 0 or more. The same seed gives the same names, and a larger
        count only adds names.
    one_each : callable
        Returns a text with one character for each of its letters; see `Vocabulary.one_each`.

    Raises
    ------
    SamplingError
        If a value is out of bounds, or two contradict each other. Its `field` is the attribute
        to change, and its message a sentence to show beside it.
    """

    count: int = 20
    temperature: float = 1.0
    greedy: bool = False
    top_k: int | None = None
    top_p: float = 1.0
    prefix: str = ""
    suffix: str = ""
    containing: str = ""
    shortest: int = 1
    longest: int = MAX_LENGTH
    only_new: bool = False
    no_repeats: bool = False
    seed: int = 0
    one_each: Callable[[str], str] = field(default=str, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.count < 1:
            raise SamplingError(
                f"The number of names must be 1 or more, not {self.count}.", "count"
            )
        if self.seed < 0:
            raise SamplingError(f"The seed must be 0 or more, not {self.seed}.", "seed")
        self._check_lengths()
        for name in _TEXTS:
            self._check_text(name)
        needed = _joined_length(self.one_each(self.prefix), self.one_each(self.suffix))
        if needed > self.longest:
            raise SamplingError(
                f"“{self.prefix}” and “{self.suffix}” together have {needed} letters, "
                f"but names may have {self.longest}. Shorten one of them, or allow longer names.",
                "suffix",
            )
        _ = self.decoding  # checks its own values

    @cached_property
    def decoding(self) -> DecodingStrategy:
        """The strategy by which letters are chosen."""
        return DecodingStrategy(self.temperature, self.greedy, self.top_k, self.top_p)

    def unmet_by(self, name: str) -> str:
        """Return the attribute of the first constraint that a name does not meet, or an empty text.

        `only_new` and `no_repeats` are left out, because they do not depend on the name alone.
        """
        letters = self.one_each(name)
        if len(letters) > self.longest:
            return "longest"
        if len(letters) < self.shortest:
            return "shortest"
        prefix, suffix, containing = self._letters
        if not letters.startswith(prefix):
            return "prefix"
        if not letters.endswith(suffix):
            return "suffix"
        return "" if containing in letters else "containing"

    @cached_property
    def _letters(self) -> tuple[str, ...]:
        """The texts of `_TEXTS`, with one character for each letter."""
        return tuple(self.one_each(getattr(self, name)) for name in _TEXTS)

    def _check_lengths(self) -> None:
        if self.shortest < 1:
            raise SamplingError(
                f"The shortest name must have 1 letter or more, not {self.shortest}.", "shortest"
            )
        if self.longest > MAX_NAME_LENGTH:
            raise SamplingError(
                f"The longest name may have {MAX_NAME_LENGTH} letters, not {self.longest}.",
                "longest",
            )
        if self.longest < self.shortest:
            raise SamplingError(
                f"No name has from {self.shortest} to {self.longest} letters, because "
                "the longest cannot be shorter than the shortest.",
                "longest",
            )

    def _check_text(self, name: str) -> None:
        text = getattr(self, name)
        label = "part in between" if name == "containing" else name
        if END in text:
            raise SamplingError(f"The {label} must be on one line.", name)
        length = len(self.one_each(text))
        if length > self.longest:
            raise SamplingError(
                f"The {label} has {length} letters, but names may have {self.longest}. "
                "Shorten it, or allow longer names.",
                name,
            )


def _joined_length(prefix: str, suffix: str) -> int:
    """Return the length of the shortest text with this prefix and suffix, which may overlap."""
    return min(
        start + len(suffix) for start in range(len(prefix) + 1) if suffix.startswith(prefix[start:])
    )

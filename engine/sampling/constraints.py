"""What names are wanted: one frozen value, checked as it is made."""

from dataclasses import dataclass
from functools import cached_property

from engine.data.corpus import MAX_NAME_LENGTH
from engine.data.vocabulary import END
from engine.sampling.decoding import DecodingStrategy, SamplingError
from engine.sampling.names import MAX_LENGTH

_TEXTS = ("prefix", "suffix", "containing")


@dataclass(frozen=True)
class Constraints:
    """What names are wanted, and how they are drawn.

    Attributes
    ----------
    count : int
        How many, 1 or more.
    temperature, greedy, top_k, top_p
        As in `engine.sampling.decoding.DecodingStrategy`.
    beginning : str
        What each name begins with. The network reads it as if it had written it.
    ending, containing : str
        What each name ends with and holds somewhere. Other names are drawn and dropped, so that
        those that stay are as likely among each other as the network has them.
    shortest, longest : int
        Letters, the beginning included, from 1 to `engine.data.corpus.MAX_NAME_LENGTH`.
    only_new : bool
        Whether to drop names that are known, held-out ones too.
    no_repeats : bool
        Whether to drop names that were found before.
    seed : int
        Of the dice, 0 or more. The same dice give the same names; a larger count, more of them.

    Raises
    ------
    SamplingError
        If a value makes no sense, or two contradict each other. Its `field` is the attribute
        to change, its message a sentence to put beside it.
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

    def __post_init__(self) -> None:
        if self.count < 1:
            raise SamplingError(
                f"The number of names must be 1 or more, not {self.count}.", "count"
            )
        if self.seed < 0:
            raise SamplingError(f"The seed must be 0 or more, not {self.seed}.", "seed")
        self._check_lengths()
        for field in _TEXTS:
            self._check_text(field)
        needed = _joined_length(self.prefix, self.suffix)
        if needed > self.longest:
            raise SamplingError(
                f"“{self.prefix}” and “{self.suffix}” take {needed} letters together; "
                f"names may have {self.longest}. Shorten one, or allow longer names.",
                "suffix",
            )
        _ = self.choice  # its own checks

    @cached_property
    def choice(self) -> DecodingStrategy:
        """The rule that letters are chosen by."""
        return DecodingStrategy(self.temperature, self.greedy, self.top_k, self.top_p)

    def unmet_by(self, name: str) -> str:
        """Return the first wish that a name does not meet, as an attribute; empty if it fits.

        Says nothing of `only_new` and `no_repeats`, which take more than the name to tell.
        """
        if len(name) > self.longest:
            return "longest"
        if len(name) < self.shortest:
            return "shortest"
        if not name.startswith(self.prefix):
            return "prefix"
        if not name.endswith(self.suffix):
            return "suffix"
        return "" if self.containing in name else "containing"

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
                f"No name has from {self.shortest} to {self.longest} letters: "
                "the longest must not be shorter than the shortest.",
                "longest",
            )

    def _check_text(self, field: str) -> None:
        text = getattr(self, field)
        called = "part in between" if field == "containing" else field
        if END in text:
            raise SamplingError(f"The {called} must stand on one line.", field)
        if len(text) > self.longest:
            raise SamplingError(
                f"The {called} has {len(text)} letters; names may have {self.longest}. "
                "Shorten it, or allow longer names.",
                field,
            )


def _joined_length(prefix: str, suffix: str) -> int:
    """Return the length of the shortest text with such a beginning and ending: they may overlap."""
    return min(
        begin + len(suffix) for begin in range(len(prefix) + 1) if suffix.startswith(prefix[begin:])
    )

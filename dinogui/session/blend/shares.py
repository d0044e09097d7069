"""How much of each kind of names is in a blend: whole percents that add up to 100."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.nn.kinds import Blend, blend_of
from engine.sampling.blend_text import text_of_weights

WHOLE = 100
"""The percents of all kinds of a blend together."""


@dataclass(frozen=True)
class Shares:
    """The kinds of a blend, in the order in which they were chosen, and the percents of each.

    Attributes
    ----------
    of : tuple of (str, int)
        Titles and percents, which are 0 or more and add up to 100. At least one.
    """

    of: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        titles = self.titles
        if len(set(titles)) != len(titles) or any(percent < 0 for _, percent in self.of):
            raise ValueError("A blend has each kind once, with 0 percent or more.")
        if sum(percent for _, percent in self.of) != WHOLE:
            raise ValueError(f"The percents of a blend must add up to {WHOLE}.")

    @classmethod
    def only(cls, title: str) -> "Shares":
        """Return one kind alone."""
        return cls(((title, WHOLE),))

    @classmethod
    def evenly(cls, titles: Sequence[str]) -> "Shares":
        """Return some kinds, each with the same share as far as whole percents allow."""
        return cls.in_proportion(dict.fromkeys(titles, 1.0))

    @classmethod
    def in_proportion(cls, weights: Mapping[str, float]) -> "Shares":
        """Return the whole percents that are nearest to some weights, all 0 or more, not all 0."""
        return cls(tuple(zip(weights, _rounded(list(weights.values()), WHOLE), strict=True)))

    @property
    def titles(self) -> tuple[str, ...]:
        """The kinds."""
        return tuple(title for title, _ in self.of)

    @property
    def is_blend(self) -> bool:
        """Whether there are several kinds."""
        return len(self.of) > 1

    @property
    def words(self) -> str:
        """The blend in words: "Greek", or "60 % Greek, 40 % Irish"."""
        if not self.is_blend:
            return self.of[0][0]
        return ", ".join(f"{percent} % {title}" for title, percent in self.of)

    @property
    def option(self) -> str:
        """The option of the command line that stands for it: ``--blend "Greek=0.6,Irish=0.4"``."""
        if not self.is_blend:
            return f"--kind {_as_argument(self.of[0][0])}"
        weights = {title: percent / WHOLE for title, percent in self.of}
        return f"--blend {_as_argument(text_of_weights(weights))}"

    def to_text(self) -> str:
        """Return it as a text that `of_text` reads."""
        return json.dumps([list(part) for part in self.of])

    @classmethod
    def of_text(cls, text: str) -> "Shares | None":
        """Return the blend that `to_text` wrote; None if the text is none."""
        try:
            found = json.loads(text)
            parts = tuple((title, percent) for title, percent in found)
            if all(type(title) is str and type(percent) is int for title, percent in parts):
                return cls(parts)
        except (TypeError, ValueError, RecursionError):
            pass
        return None

    def with_share(self, title: str, percent: int) -> "Shares":
        """Return the blend with another share of a kind; the others share the rest as before.

        If they had none, they share it evenly.
        """
        others = {each: float(share) for each, share in self.of if each != title}
        if not others:
            return self
        if not any(others.values()):
            others = dict.fromkeys(others, 1.0)
        rest = dict(zip(others, _rounded(list(others.values()), WHOLE - percent), strict=True))
        return Shares(tuple((each, rest.get(each, percent)) for each in self.titles))

    def with_kind(self, title: str) -> "Shares":
        """Return the blend with one more kind, which gets as much as the others have on average."""
        count = len(self.of)
        weights = {each: float(share) for each, share in self.of}
        return Shares.in_proportion(weights | {title: WHOLE / count})

    def without_kind(self, title: str) -> "Shares":
        """Return the blend without a kind; the last one stays."""
        left = {each: float(share) for each, share in self.of if each != title}
        if not left:
            return self
        return Shares.in_proportion(left) if any(left.values()) else Shares.evenly(list(left))

    def among(self, titles: Sequence[str]) -> "Shares | None":
        """Return what is left of it in a network that knows these kinds; None if nothing is."""
        known = {title: float(share) for title, share in self.of if title in titles}
        return Shares.in_proportion(known) if any(known.values()) else None

    def weights(self, titles: Sequence[str]) -> Blend:
        """Return the weight of each of a network's kinds.

        Raises
        ------
        engine.nn.kinds.BlendError
            If the network does not know one of them.
        """
        return blend_of(titles, dict(self.of))


def _rounded(weights: Sequence[float], total: int) -> list[int]:
    """Share a total out in proportion to weights, in whole numbers that add up to it."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_rest[: total - sum(parts)]:
        parts[place] += 1
    return parts


def _as_argument(text: str) -> str:
    """Return a text as one argument on a command line, in double quotes where these suffice."""
    return shlex.quote(text) if set('"\\$`!') & set(text) else f'"{text}"'

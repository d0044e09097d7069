"""Names as they are wished for, each with what there is to say of it, found round by round."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.vocabulary import Vocabulary
from engine.data.wording import counted
from engine.evaluation.nearest import Nearest
from engine.nn.parameters import Parameters
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.known_names import KnownNames, Status
from engine.sampling.names import check_numbers, write_names
from engine.sampling.random_streams import RandomStreams
from engine.sampling.scoring import Score, score

MAX_TRIES = 20_000
"""Names that are drawn at the most, where no more than a thousand are wanted."""

_TRIES_A_NAME = 20
_SMALLEST_ROUND, _LARGEST_ROUND = 64, 1_000
_COMPARED_AT_ONCE = 3_000_000
"""Names times training names that are compared between two looks at the caller."""

_HINDRANCES = {
    "longest": "{count} had more than {longest}",
    "shortest": "{count} had fewer than {shortest}",
    "suffix": "{count} did not end in “{constraints.suffix}”",
    "containing": "{count} did not hold “{constraints.containing}”",
    "only_new": "{count} {were} known already",
    "no_repeats": "{count} {were} found before",
}


@dataclass(frozen=True)
class Candidate:
    """A name that the network wrote.

    Attributes
    ----------
    score : Score
        The name, and how surprised the network is at each of its letters.
    status : Status or None
        None where it is not known what the network has learned from.
    nearest : Nearest or None
        The nearest training name; None where there is none, or it was not asked for.
    step : int
        Steps that the network had made.
    seed, number : int
        Of the dice, and of the name among all that they were thrown for.
    temperature : float
    """

    score: Score
    status: Status | None
    nearest: Nearest | None
    step: int
    seed: int
    number: int
    temperature: float

    @property
    def name(self) -> str:
        """The name, as the network wrote it."""
        return self.score.name


@dataclass(frozen=True)
class SearchResult:
    """What was found so far.

    Attributes
    ----------
    proposals : tuple of Candidate
        In the order in which they were drawn.
    wanted : int
        How many are to be found.
    tried : int
        Names drawn.
    max_tries : int
        Names drawn at the most.
    is_over : bool
        Whether nothing more will come.
    note : str
        When it is over and there are too few: a sentence that says so, and why. Otherwise empty.
    field : str
        The attribute of `Constraints` that most names did not meet; goes with `note`.
    """

    candidates: tuple[Candidate, ...]
    wanted: int
    tried: int
    max_tries: int
    is_over: bool = False
    note: str = ""
    field: str = ""


def propose(
    parameters: Parameters,
    vocabulary: Vocabulary,
    constraints: Constraints,
    known: KnownNames | None = None,
    *,
    step: int = 0,
    with_nearest: bool = True,
    max_tries: int | None = None,
) -> Iterator[SearchResult]:
    """Draw names until enough are as they are wished for, or too many were drawn.

    What is found does not depend on how it is divided into rounds. The checks come before the
    first round, as this is called.

    Parameters
    ----------
    known : KnownNames, optional
        What to hold the names against.
    step : int
        Steps that the network has made, for `Candidate.step`.
    with_nearest : bool
        Whether to look for the nearest training names.
    max_tries : int, optional
        Above 0; `MAX_TRIES`, or 20 a name if that is more, if absent.

    Yields
    ------
    SearchResult
        After every round of at most 1,000 names, all found so far; so the caller can show it, or
        stop. The last is over.

    Raises
    ------
    SamplingError
        If only new names are wanted and `known` is absent, or the parameters are no numbers.
    UnknownSymbolError
        If the beginning, the ending or what is contained holds a symbol that the vocabulary lacks.
    """
    check_numbers(parameters)
    if constraints.only_new and known is None:
        raise SamplingError(
            "Which names are new can be told only beside the names it learned from. Open them.",
            "only_new",
        )
    for text in (constraints.prefix, constraints.suffix, constraints.containing):
        vocabulary.encode(text)
    if max_tries is None:
        max_tries = max(MAX_TRIES, _TRIES_A_NAME * constraints.count)
    if max_tries < 1:
        raise ValueError(f"max_tries must be 1 or more, got {max_tries}.")
    if constraints.greedy:
        max_tries = 1  # every other name would be the same
    drawing = _Drawing(parameters, vocabulary, constraints, known, max_tries)
    return _search(drawing, step, with_nearest)


class _Drawing:
    """Draws names in the order of the dice, and sieves them."""

    def __init__(
        self,
        parameters: Parameters,
        vocabulary: Vocabulary,
        constraints: Constraints,
        known: KnownNames | None,
        max_tries: int,
    ) -> None:
        self.parameters, self.vocabulary = parameters, vocabulary
        self.constraints, self.known, self.max_tries = constraints, known, max_tries
        self.tried = 0
        self.kept = 0
        self._seen: set[str] = set()
        self._unmet: Counter[str] = Counter()
        self._streams = RandomStreams(constraints.seed)
        self._begun = vocabulary.encode(constraints.prefix)

    @property
    def is_over(self) -> bool:
        """Whether enough were kept, or too many drawn."""
        return self.kept == self.constraints.count or self.tried == self.max_tries

    def draw(self) -> list[tuple[int, str]]:
        """Draw a round, and return the numbers and names that are to be kept."""
        numbers = np.arange(self.tried, self.tried + self._round_size())
        written = write_names(
            self.parameters,
            numbers,
            self._begun,
            streams=self._streams,
            choice=self.constraints.choice,
            max_length=self.constraints.longest,
        )
        kept: list[tuple[int, str]] = []
        names = zip(written.decode(self.vocabulary), written.has_ended.tolist(), strict=True)
        for name, has_ended in names:
            unmet = self._unmet_by(name) if has_ended else "longest"
            if unmet:
                self._unmet[unmet] += 1
            else:
                self._seen.add(name)
                kept.append((self.tried, name))
                self.kept += 1
            self.tried += 1
            if self.is_over:
                break
        return kept

    def shortfall(self) -> tuple[str, str]:
        """Return why too few were kept, as a sentence, and the wish to change; or two empty texts.

        The wish is the one that most names fail first.
        """
        if self.kept == self.constraints.count:
            return "", ""
        if self.constraints.greedy and self.kept:
            told = f"{self.kept} of {self.constraints.count:,} found"
            return f"{told}: greedy choosing always writes the same name.", "greedy"
        field, count = self._unmet.most_common(1)[0]
        reason = _HINDRANCES[field].format(
            constraints=self.constraints,
            count=f"{count:,}",
            were="was" if count == 1 else "were",
            longest=counted(self.constraints.longest, "letter"),
            shortest=counted(self.constraints.shortest, "letter"),
        )
        tries = "1 try" if self.tried == 1 else f"{self.tried:,} tries"
        return (
            f"{self.kept:,} of {self.constraints.count:,} found among {tries}: {reason}.",
            field,
        )

    def _round_size(self) -> int:
        """Return how many names will just about do, going by those that came before."""
        missing = self.constraints.count - self.kept
        likely = missing * (self.tried + 1) // (self.kept + 1) if self.tried else missing
        size = min(max(likely, _SMALLEST_ROUND), _LARGEST_ROUND)
        return min(size, self.max_tries - self.tried)

    def _unmet_by(self, name: str) -> str:
        unmet = self.constraints.unmet_by(name)
        if unmet:
            return unmet
        if (
            self.constraints.only_new
            and self.known
            and self.known.status_of(name) is not Status.NEW
        ):
            return "only_new"
        return "no_repeats" if self.constraints.no_repeats and name in self._seen else ""


def _search(drawing: _Drawing, step: int, with_nearest: bool) -> Iterator[SearchResult]:
    """Draw and label, round by round."""
    constraints, known = drawing.constraints, drawing.known
    at_once = _LARGEST_ROUND
    if known and with_nearest:
        at_once = max(_COMPARED_AT_ONCE // max(len(known.training), 1), 1)
    candidates: list[Candidate] = []

    def so_far() -> SearchResult:
        return SearchResult(tuple(candidates), constraints.count, drawing.tried, drawing.max_tries)

    while not drawing.is_over:
        kept = drawing.draw()
        for start in range(0, len(kept), at_once):
            some = kept[start : start + at_once]
            candidates += _label(drawing, some, step, with_nearest)
            if start + at_once < len(kept):
                yield so_far()
        if not drawing.is_over:
            yield so_far()
    note, field = drawing.shortfall()
    yield SearchResult(
        tuple(candidates), constraints.count, drawing.tried, drawing.max_tries, True, note, field
    )


def _label(
    drawing: _Drawing, kept: Sequence[tuple[int, str]], step: int, with_nearest: bool
) -> list[Candidate]:
    """Say of each name what there is to say."""
    known, constraints = drawing.known, drawing.constraints
    names = [name for _, name in kept]
    scores = score(drawing.parameters, drawing.vocabulary, names)
    nearest: Sequence[Nearest | None] = [None] * len(names)
    if known and with_nearest:
        nearest = known.nearest_of(names)
    return [
        Candidate(
            scored,
            known.status_of(scored.name) if known else None,
            near,
            step,
            constraints.seed,
            number,
            constraints.temperature,
        )
        for (number, _), scored, near in zip(kept, scores, nearest, strict=True)
    ]

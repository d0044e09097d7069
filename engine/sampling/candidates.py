"""Finds names that meet constraints, round by round, with what is known of each."""

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.training_data import counted
from engine.data.vocabulary import Vocabulary
from engine.evaluation.nearest import NearestName
from engine.nn.parameters import Parameters
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.known_names import KnownNames, NameStatus
from engine.sampling.names import check_parameters, sample_batch
from engine.sampling.random_streams import RandomStreams
from engine.sampling.scoring import NameScore, score_names

MAX_TRIES = 20_000
"""Largest number of names drawn, if no more than a thousand are wanted."""

_TRIES_PER_NAME = 20
_SMALLEST_ROUND, _LARGEST_ROUND = 64, 1_000
_SMALLEST_ROUND_NUMBERS, _LARGEST_ROUND_NUMBERS = 100_000, 200_000
"""Random numbers for one letter of a round. They make rounds smaller for large vocabularies."""

_MAX_COMPARISONS = 3_000_000
"""Comparisons of a name with a training name between two results."""

_REASONS = {
    "longest": "{count} had more than {longest}",
    "shortest": "{count} had fewer than {shortest}",
    "suffix": "{count} did not end in “{constraints.suffix}”",
    "containing": "{count} did not contain “{constraints.containing}”",
    "only_new": "{count} {were} already known",
    "no_repeats": "{count} {were} found before",
}
"""Why names were rejected, by the attribute of `Constraints` that they did not meet."""


@dataclass(frozen=True)
class Candidate:
    """A name that the network wrote.

    Attributes
    ----------
    score : NameScore
        The name, and the surprisal of each of its letters.
    status : NameStatus or None
        None if the names that the network learned from are not known.
    nearest : NearestName or None
        The nearest training name. None if there is none, or it was not asked for.
    step : int
        Training steps that the network had made.
    seed, number : int
        The seed of the random streams, and the number of the stream that the name was drawn from.
    temperature : float
    """

    score: NameScore
    status: NameStatus | None
    nearest: NearestName | None
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
    """The candidates found so far.

    Attributes
    ----------
    candidates : tuple of Candidate
        In the order in which they were drawn.
    wanted : int
        Number of candidates to find.
    tried : int
        Number of names drawn so far.
    max_tries : int
        Largest number of names to draw.
    is_over : bool
        Whether the search has ended.
    note : str
        A sentence that says why too few were found. Empty if enough were, or the search goes on.
    field : str
        The attribute of `Constraints` that most names did not meet. Empty if there is no note, or
        every name met the constraints.
    """

    candidates: tuple[Candidate, ...]
    wanted: int
    tried: int
    max_tries: int
    is_over: bool = False
    note: str = ""
    field: str = ""


def find_candidates(
    parameters: Parameters,
    vocabulary: Vocabulary,
    constraints: Constraints,
    known: KnownNames | None = None,
    *,
    step: int = 0,
    with_nearest: bool = True,
    max_tries: int | None = None,
) -> Generator[SearchResult, None, None]:
    """Draw names until enough of them meet the constraints, or too many were drawn.

    The candidates do not depend on how the search is divided into rounds. The arguments are
    checked at once, before the first round.

    Parameters
    ----------
    parameters : Parameters
    vocabulary : Vocabulary
    constraints : Constraints
    known : KnownNames, optional
        The names to compare with.
    step : int
        Training steps that the network has made, for `Candidate.step`.
    with_nearest : bool
        Whether to look for the nearest training names.
    max_tries : int, optional
        1 or more. The default is `MAX_TRIES`, or 20 for each name if that is more.

    Yields
    ------
    SearchResult
        All candidates so far, after every round of at most 1,000 names. So the caller can show
        them, or stop. The last result is over.

    Raises
    ------
    SamplingError
        If only new names are wanted and `known` is absent, or the parameters are not finite.
    UnknownSymbolError
        If the prefix, the suffix or the part in between has a symbol that the vocabulary lacks.
    """
    check_parameters(parameters)
    if constraints.only_new and known is None:
        raise SamplingError(
            "New names can only be distinguished from known ones if the training names are there. "
            "Open their file.",
            "only_new",
        )
    for text in (constraints.prefix, constraints.suffix, constraints.containing):
        vocabulary.encode(text)
    if max_tries is None:
        max_tries = max(MAX_TRIES, _TRIES_PER_NAME * constraints.count)
    if max_tries < 1:
        raise ValueError(f"max_tries must be 1 or more, got {max_tries}.")
    if constraints.greedy:
        max_tries = 1  # every other name would be the same
    return _search(
        _Sampler(parameters, vocabulary, constraints, known, max_tries), step, with_nearest
    )


class _Sampler:
    """Draws names in the order of their random streams, and rejects those that do not fit."""

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
        self.accepted = 0
        self._seen: set[str] = set()
        self._rejected: Counter[str] = Counter()
        self._streams = RandomStreams(constraints.seed)
        self._prefix = vocabulary.encode(constraints.prefix)

    @property
    def is_over(self) -> bool:
        """Whether enough names were accepted, or too many drawn."""
        return self.accepted == self.constraints.count or self.tried == self.max_tries

    def draw_round(self) -> list[tuple[int, str]]:
        """Draw a round of names, and return the accepted ones with their numbers."""
        sampled = sample_batch(
            self.parameters,
            np.arange(self.tried, self.tried + self._round_size()),
            self._prefix,
            streams=self._streams,
            decoding=self.constraints.decoding,
            max_length=self.constraints.longest,
        )
        accepted: list[tuple[int, str]] = []
        names = zip(sampled.decode(self.vocabulary), sampled.has_ended.tolist(), strict=True)
        for name, has_ended in names:
            unmet = self._unmet_by(name) if has_ended else "longest"
            if unmet:
                self._rejected[unmet] += 1
            else:
                self._seen.add(name)
                accepted.append((self.tried, name))
                self.accepted += 1
            self.tried += 1
            if self.is_over:
                break
        return accepted

    def shortfall(self) -> tuple[str, str]:
        """Return why too few names were found, and the constraint to relax.

        Returns
        -------
        note : str
            A sentence; empty if enough were found.
        field : str
            The constraint that most names failed first. Empty if none failed.
        """
        constraints = self.constraints
        if self.accepted == constraints.count:
            return "", ""
        found = f"{self.accepted:,} of {constraints.count:,} found"
        if constraints.greedy and self.accepted:
            return f"{found}: greedy decoding always writes the same name.", "greedy"
        tries = "1 try" if self.tried == 1 else f"{self.tried:,} tries"
        if not self._rejected:
            return f"{found} in {tries}, and no more are allowed.", ""
        field, count = self._rejected.most_common(1)[0]
        reason = _REASONS[field].format(
            constraints=constraints,
            count=f"{count:,}",
            were="was" if count == 1 else "were",
            longest=counted(constraints.longest, "letter"),
            shortest=counted(constraints.shortest, "letter"),
        )
        return f"{found} in {tries}: {reason}.", field

    def _round_size(self) -> int:
        """Estimate from the rounds before how many names have to be drawn."""
        missing = self.constraints.count - self.accepted
        likely = missing * (self.tried + 1) // (self.accepted + 1) if self.tried else missing
        n_y = len(self.vocabulary)
        smallest = min(_SMALLEST_ROUND, max(_SMALLEST_ROUND_NUMBERS // n_y, 1))
        largest = min(_LARGEST_ROUND, max(_LARGEST_ROUND_NUMBERS // n_y, 1))
        size = min(max(likely, smallest), largest)
        return min(size, self.max_tries - self.tried)

    def _unmet_by(self, name: str) -> str:
        """Return the first constraint that a name does not meet, or an empty text."""
        constraints, known = self.constraints, self.known
        unmet = constraints.unmet_by(name)
        if unmet:
            return unmet
        if constraints.only_new and known and known.status_of(name) is not NameStatus.NEW:
            return "only_new"
        return "no_repeats" if constraints.no_repeats and name in self._seen else ""


def _search(
    sampler: _Sampler, step: int, with_nearest: bool
) -> Generator[SearchResult, None, None]:
    """Draw and describe names, round by round."""
    known, count = sampler.known, sampler.constraints.count
    at_once = _LARGEST_ROUND
    if known and with_nearest:
        at_once = max(_MAX_COMPARISONS // max(len(known.training), 1), 1)
    candidates: list[Candidate] = []

    def so_far() -> SearchResult:
        return SearchResult(tuple(candidates), count, sampler.tried, sampler.max_tries)

    while not sampler.is_over:
        accepted = sampler.draw_round()
        for start in range(0, len(accepted), at_once):
            part = accepted[start : start + at_once]
            candidates += _describe(sampler, part, step, with_nearest)
            if start + at_once < len(accepted):
                yield so_far()
        if not sampler.is_over:
            yield so_far()
    note, field = sampler.shortfall()
    yield SearchResult(
        tuple(candidates), count, sampler.tried, sampler.max_tries, True, note, field
    )


def _describe(
    sampler: _Sampler, numbered: Sequence[tuple[int, str]], step: int, with_nearest: bool
) -> list[Candidate]:
    """Make candidates of names with their numbers."""
    known, constraints = sampler.known, sampler.constraints
    names = [name for _, name in numbered]
    scores = score_names(sampler.parameters, sampler.vocabulary, names)
    all_nearest: Sequence[NearestName | None] = [None] * len(names)
    if known and with_nearest:
        all_nearest = known.nearest_of(names)
    return [
        Candidate(
            score,
            known.status_of(score.name) if known else None,
            nearest,
            step,
            constraints.seed,
            number,
            constraints.temperature,
        )
        for (number, _), score, nearest in zip(numbered, scores, all_nearest, strict=True)
    ]

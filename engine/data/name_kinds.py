"""The kinds of names: labels such as a language, and which names have them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data.training_data import CorpusError, counted

MAX_KINDS = 500
"""Most kinds of names. Each has parameters of its own in a network."""

MIN_KINDS = 2
"""One kind tells nothing apart."""


@dataclass(frozen=True)
class NameKinds:
    """Which kinds the names of a corpus have.

    A name may have several kinds. Then it stands in the corpus once for each of them.

    Attributes
    ----------
    titles : tuple of str
        What the kinds are called, in the order in which they first occur.
    of_distinct : tuple of int
        The kind of each of the corpus's distinct names, as an index of `titles`.
    of_names : tuple of int
        The same for all of its names, repeats included.

    Raises
    ------
    ValueError
        If there are no titles or more than `MAX_KINDS`, two are alike, one is blank or has white
        space around it or a line end in it, a kind has no names, or an index is out of range.
    """

    titles: tuple[str, ...]
    of_distinct: tuple[int, ...]
    of_names: tuple[int, ...]

    def __post_init__(self) -> None:
        titles = self.titles
        if not titles:
            raise ValueError("titles must be one or more, got none.")
        check_titles(titles)
        every = set(range(len(titles)))
        for field in ("of_distinct", "of_names"):
            if set(getattr(self, field)) != every:
                raise ValueError(f"{field} must have each index from 0 to {len(titles) - 1:,}.")

    def __len__(self) -> int:
        return len(self.titles)

    @classmethod
    def of_pairs(
        cls, distinct: Sequence[tuple[str, str]], pairs: Sequence[tuple[str, str]], source: str
    ) -> "NameKinds":
        """Return the kinds of pairs of a name and the title of its kind.

        Parameters
        ----------
        distinct : sequence of (str, str)
            The pairs without repeats, in the order in which they first occur.
        pairs : sequence of (str, str)
            With repeats.
        source : str
            What to call the data in messages.

        Raises
        ------
        CorpusError
            If there are too many kinds.
        """
        places = {title: i for i, title in enumerate(dict.fromkeys(kind for _, kind in distinct))}
        check_kinds_count(len(places), source)
        return cls(
            tuple(places),
            tuple(places[kind] for _, kind in distinct),
            tuple(places[kind] for _, kind in pairs),
        )

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many distinct names each kind has."""
        return tuple(np.bincount(self.of_distinct, minlength=len(self)).tolist())

    def title_of(self, place: int) -> str:
        """Return the title of the kind of a distinct name, which is given by its place."""
        return self.titles[self.of_distinct[place]]


def is_kind_title(title: str) -> bool:
    """Tell whether a kind may have this title: one line, not blank, no white space around it."""
    return bool(title) and title == title.strip() and len(title.splitlines()) == 1


def check_titles(titles: Sequence[str]) -> None:
    """Check the titles of kinds.

    Raises
    ------
    ValueError
        If there are more than `MAX_KINDS`, or two are alike, or one cannot be a title.
    """
    if len(titles) > MAX_KINDS:
        raise ValueError(f"titles must be {MAX_KINDS:,} at most, got {len(titles):,}.")
    if not all(isinstance(title, str) for title in titles):
        raise ValueError("titles must be texts.")
    if len(set(titles)) < len(titles):
        raise ValueError("titles must be different from each other.")
    wrong = [title for title in titles if not is_kind_title(title)]
    if wrong:
        raise ValueError(f"a title must be one line without space around it, got {wrong[0]!r}.")


def check_kinds_count(count: int, source: str, noun: str = "name") -> None:
    """Check that there are not too many kinds of names, or of what the noun says.

    Raises
    ------
    CorpusError
        If there are more than `MAX_KINDS`.
    """
    if count > MAX_KINDS:
        raise CorpusError(
            f"There are {count:,} kinds of {noun}s in “{source}”; a network can learn "
            f"{MAX_KINDS:,} at most. Give several kinds one title, which merges "
            f"them, or leave out those with few {noun}s."
        )


def check_kinds(distinct: Sequence[str], kinds: NameKinds, source: str) -> None:
    """Check that names can be trained on by their kinds, and some of them be held out.

    Raises
    ------
    CorpusError
        If there is one kind only, or if each name is the only one of a kind.
    """
    if len(kinds) < MIN_KINDS:
        raise CorpusError(
            f"There is only one kind of names, “{kinds.titles[0]}”, in “{source}”. Learning by "
            "kind needs at least two. Without kinds, it is a list of names like any other."
        )
    spare = _can_be_held_out(_by_name(distinct, kinds), kinds)
    if not spare:
        raise CorpusError(
            f"In “{source}”, each name is the only one of its kind. At least one kind needs two "
            "names: one to learn from, one to hold out."
        )


def held_out_places(
    distinct: Sequence[str], kinds: NameKinds, seed: int, share: float
) -> NDArray[np.intp]:
    """Choose what to hold out: the share of each kind, rounded, and at least one name.

    A name is held out in all of its kinds or in none, and so are equal tunes. For this, a kind may
    have fewer held out than its share. A kind with one name has none.

    Parameters
    ----------
    distinct : sequence of str
        The names, each once for each of its kinds; of equal tunes, one text for all.
    kinds : NameKinds
    seed : int
        The same seed gives the same choice.
    share : float
        Share to hold out, above 0 and below 1.

    Returns
    -------
    (n,) array
        Indices of `distinct`, ascending.
    """
    by_name = list(_by_name(distinct, kinds).values())
    left = [min(max(round(share * count), 1), count - 1) for count in kinds.counts]
    of_distinct = kinds.of_distinct
    chosen: list[int] = []
    for i in np.random.default_rng(seed).permutation(len(by_name)).tolist():
        places = by_name[i]
        of_name = [of_distinct[place] for place in places]
        if all(left[kind] >= of_name.count(kind) for kind in of_name):
            chosen += places
            for kind in of_name:
                left[kind] -= 1
    return np.sort(np.array(chosen, dtype=np.intp))


def _several_kinds(distinct: Sequence[str]) -> int:
    """Return how many names have several kinds, and so occur several times."""
    return sum(count > 1 for count in Counter(distinct).values())


def kinds_in_words(distinct: Sequence[str], kinds: NameKinds | None) -> tuple[str, ...]:
    """Return sentences on how many kinds there are, and how many names they have; none if none."""
    if kinds is None:
        return ()
    counts = dict(zip(kinds.titles, kinds.counts, strict=True))
    sentences = [f"There is one kind, “{kinds.titles[0]}”."]
    if len(kinds) > 1:
        least, most = (pick(counts, key=lambda title: counts[title]) for pick in (min, max))
        how_many = (
            f"each has {counted(counts[most], 'name')}"
            if counts[least] == counts[most]
            else f"the smallest is “{least}” with {counted(counts[least], 'name')}, the largest "
            f"“{most}” with {counts[most]:,}"
        )
        sentences = [f"There are {len(kinds):,} kinds: {how_many}."]
    single = [title for title, count in counts.items() if count == 1]
    if len(single) == 1:
        sentences.append(f"The only name of “{single[0]}” is trained on and never held out.")
    elif single:
        sentences.append(
            f"{len(single):,} kinds have a single name, which is trained on and never held out."
        )
    return (*sentences, *several_in_words(distinct))


def several_in_words(distinct: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence on the names of several kinds, if there are any."""
    count = _several_kinds(distinct)
    return (f"{counted(count, 'name')} {'has' if count == 1 else 'have'} several kinds.",) * (
        count > 0
    )


def _by_name(distinct: Sequence[str], kinds: NameKinds) -> dict[str, list[int]]:
    """Return the places of each name, which are as many as it has kinds."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(distinct):
        places.setdefault(name, []).append(place)
    return places


def _can_be_held_out(by_name: dict[str, list[int]], kinds: NameKinds) -> bool:
    counts, of_distinct = kinds.counts, kinds.of_distinct
    return any(
        all(counts[of_distinct[place]] > 1 for place in places) for places in by_name.values()
    )

"""Which letters of a name have changed since it was last drawn from the same random stream."""

from collections.abc import Sequence

from engine.sampling.candidates import Candidate


def changed_letters(before: Sequence[str], after: Sequence[str]) -> tuple[bool, ...]:
    """Mark each letter of `after` that differs from the letter at the same position of `before`.

    Positions are compared, because random numbers belong to positions: a letter that is still in
    its place was drawn with the same random numbers.

    Parameters
    ----------
    before, after : str or sequence of str
        Names, or their symbols; see `NameScore.symbols`.

    Returns
    -------
    tuple of bool
        One for each letter of `after`, and last one for its end: whether that has moved.
    """
    marks = [old != new for old, new in zip(before, after, strict=False)]
    marks += [True] * (len(after) - len(before))
    return (*marks, len(before) != len(after))


def changed_letters_of_all(
    before: Sequence[Candidate], after: Sequence[Candidate]
) -> list[tuple[bool, ...]]:
    """Mark the changed letters of each candidate in `after`, as `changed_letters` does.

    Candidates of the same seed and number are compared, wherever they are in the lists. One that
    has no counterpart in `before` is marked throughout.
    """
    old = {(candidate.seed, candidate.number): candidate.score.symbols for candidate in before}
    marks: list[tuple[bool, ...]] = []
    for candidate in after:
        name = old.get((candidate.seed, candidate.number))
        if name is None:
            marks.append((True,) * (len(candidate.score.symbols) + 1))
        else:
            marks.append(changed_letters(name, candidate.score.symbols))
    return marks

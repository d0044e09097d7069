"""Which letters are others than before, when the same dice were thrown again."""

from collections.abc import Sequence

from engine.sampling.candidates import Candidate


def changed_letters(before: str, after: str) -> tuple[bool, ...]:
    """Mark each letter of `after` that is not the one in the same place of `before`.

    Place by place, because the dice belong to places: a letter that stands where it stood was
    drawn by the same dice.

    Returns
    -------
    tuple of bool
        One for each letter of `after`, and last one for its end: whether it stands elsewhere.
    """
    marks = [old != new for old, new in zip(before, after, strict=False)]
    marks += [True] * (len(after) - len(before))
    return (*marks, len(before) != len(after))


def changed_proposals(
    before: Sequence[Candidate], after: Sequence[Candidate]
) -> list[tuple[bool, ...]]:
    """Mark the changed letters of each of `after`, as `changed_letters` does.

    Names are held against those of the same dice: the same seed and number, wherever they stand
    in the lists. A name whose dice gave none before is marked throughout.
    """
    old = {(candidate.seed, candidate.number): candidate.name for candidate in before}
    marks: list[tuple[bool, ...]] = []
    for candidate in after:
        name = old.get((candidate.seed, candidate.number))
        if name is None:
            marks.append((True,) * (len(candidate.name) + 1))
        else:
            marks.append(changed_letters(name, candidate.name))
    return marks

"""The walk back in parts that the processor's cache holds."""

from collections.abc import Iterator

_CACHE_BYTES = 1 << 17
"""What one array of a part may take. A dozen of them are in use at once; a core has 1 to 2 MB."""


def parts(steps: tuple[slice, ...], row_bytes: int) -> Iterator[tuple[slice, tuple[slice, ...]]]:
    """Divide the steps of a batch, from the last to the first.

    What is prepared for all steps at once costs the fewest calls, but comes back from main memory
    where it does not fit into the cache, which takes longer than to compute it.

    Parameters
    ----------
    steps : tuple of slice
        The rows of each step.
    row_bytes : int
        Size of a row of one array.

    Yields
    ------
    span : slice
        The rows of a part.
    steps : tuple of slice
        Its steps, one at least: their rows, counted from the part's beginning.
    """
    if steps[-1].stop * row_bytes <= _CACHE_BYTES:  # so it is where names are learned one by one
        yield slice(0, steps[-1].stop), steps
        return
    end = len(steps)
    while end:
        begin = end - 1
        stop = steps[begin].stop
        while begin and (stop - steps[begin - 1].start) * row_bytes <= _CACHE_BYTES:
            begin -= 1
        start = steps[begin].start
        yield (
            slice(start, stop),
            tuple(slice(step.start - start, step.stop - start) for step in steps[begin:end]),
        )
        end = begin

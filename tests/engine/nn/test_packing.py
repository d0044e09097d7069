import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.vocabulary import END_INDEX, Vocabulary
from engine.nn.packing import NO_SYMBOL, Packed

VOCABULARY = Vocabulary.from_names(["abcd"])
NAMES = st.lists(st.text("abcd", max_size=9), min_size=1, max_size=8)


def pack_by_hand(names, chosen):
    """Return the batch step by step from padded names, longest first, without the padding."""
    batch = [[int(symbol) for symbol in names[i]] for i in chosen]
    batch = sorted(batch, key=len, reverse=True)  # stable, as Python's sort is
    inputs, targets, steps, previous = [], [], [], []
    row_of = {}
    for t in range(len(batch[0])):
        begin = len(targets)
        for place, name in enumerate(batch):
            if t < len(name):
                row_of[place, t] = len(targets)
                inputs.append(NO_SYMBOL if t == 0 else name[t - 1])
                targets.append(name[t])
                previous.append(place if t == 0 else row_of[place, t - 1])
        steps.append(slice(begin, len(targets)))
    return inputs, targets, tuple(steps), previous


@given(data=st.data(), texts=NAMES)
def test_rows_steps_and_previous_are_those_of_the_padded_batch(data, texts):
    names = VOCABULARY.encode_all(texts)
    places = st.integers(0, len(names) - 1)
    chosen = data.draw(st.lists(places, min_size=1, max_size=12))
    packed = Packed.of(names, np.array(chosen))
    inputs, targets, steps, previous = pack_by_hand(names, chosen)
    assert packed.inputs.tolist() == inputs
    assert packed.targets.tolist() == targets
    assert packed.steps == steps
    assert packed.previous.tolist() == previous
    assert packed.n_names == len(chosen)
    assert len(packed) == sum(len(texts[i]) + 1 for i in chosen)


@given(texts=NAMES)
def test_each_step_is_no_longer_than_the_one_before_and_they_cover_all_rows(texts):
    packed = Packed.of(VOCABULARY.encode_all(texts), np.arange(len(texts)))
    sizes = [step.stop - step.start for step in packed.steps]
    assert sizes[0] == packed.n_names == len(texts)
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 1
    assert [row for step in packed.steps for row in range(step.start, step.stop)] == list(
        range(len(packed))
    )


@pytest.mark.parametrize("texts", [["abba"], ["", "", ""], ["a", "abcd", "", "abcd"]], ids=str)
def test_every_name_can_be_read_back(texts):
    packed = Packed.of(VOCABULARY.encode_all(texts), np.arange(len(texts)))
    ends = np.flatnonzero(packed.targets == END_INDEX)
    read = []
    for row in ends:
        letters = []
        while packed.inputs[row] != NO_SYMBOL:
            letters.append(int(packed.inputs[row]))
            row = packed.previous[row]
        read.append(VOCABULARY.decode(reversed(letters)))
    assert sorted(read) == sorted(texts)


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(1, 9), st.booleans()), min_size=1, max_size=6
    )
)
def test_chunks_read_what_stands_before_them_or_nothing(chunks):
    symbols = np.arange(30, dtype=np.uint8)
    chunks = sorted(chunks, key=lambda chunk: -chunk[1])
    starts, lengths, begins = map(np.array, zip(*chunks, strict=True))
    begins = begins.astype(bool) | (starts == 0)
    packed = Packed.of_chunks(symbols, starts, lengths, begins)
    for place, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        rows = [step.start + place for step in packed.steps[:length]]
        assert packed.targets[rows].tolist() == list(range(start, start + length))
        first = NO_SYMBOL if begins[place] else start - 1
        assert packed.inputs[rows].tolist() == [first, *range(start, start + length - 1)]
        assert packed.previous[rows].tolist() == [place, *rows[:-1]]
    assert len(packed) == lengths.sum()
    assert [step.stop - step.start for step in packed.steps] == [
        np.count_nonzero(lengths > t) for t in range(lengths.max())
    ]
    last = np.arange(len(packed))[packed.last_rows]
    ends = [packed.steps[length - 1].start + place for place, length in enumerate(lengths)]
    assert last.tolist() == ends

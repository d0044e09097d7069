import numpy as np
import pytest

from engine.insight import clipping, flow, next_letters, states

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
EMBEDDINGS = pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
TEXT = [3, 1, 4, 1, 5]


@CELLS
@EMBEDDINGS
def test_a_chunk_of_a_text_reads_the_symbol_before_it(make_snapshot, by_course, cell, embedding):
    snapshot = make_snapshot((5, 3), cell=cell, embedding=embedding)
    expected = by_course(snapshot.parameters, TEXT, first=2)
    found = next_letters(snapshot, TEXT, first=2)
    np.testing.assert_allclose(found.surprisal, expected.losses, rtol=0, atol=1e-12)
    assert clipping(snapshot, TEXT, None, first=2).loss == pytest.approx(expected.losses.sum())
    top = states(snapshot, TEXT, first=2).layers[1]["a"]
    np.testing.assert_allclose(top, expected.layers[1]["a"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("read", [states, flow, next_letters])
@pytest.mark.parametrize("first", [-1, 6])
def test_an_invalid_symbol_is_refused(make_snapshot, read, first):
    with pytest.raises(ValueError, match=f"first must lie from 0 to 5, got {first}"):
        read(make_snapshot(), TEXT, first=first)

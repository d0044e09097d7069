from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.document_list import DocumentList

LISTS = st.lists(st.lists(st.integers(1, 3), max_size=6), min_size=2, max_size=12)


def list_of(documents):
    return DocumentList(np.array([s for each in documents for s in (*each, 0)], dtype=np.uint8))


def documents_of(found):
    bounds = found.bounds
    return [found.symbols[a : b - 1].tolist() for a, b in pairwise(bounds)]


@given(LISTS)
def test_it_has_each_document_with_its_end(documents):
    found = list_of(documents)
    assert documents_of(found) == documents
    assert found.lengths.tolist() == [len(each) + 1 for each in documents]
    chosen = np.arange(len(documents))[::-2]
    assert documents_of(found.take(chosen)) == documents[::-2]


@given(LISTS, st.integers(1, 8))
def test_beginnings_are_cut_and_whole_documents_keep_their_end(documents, most):
    found = list_of(documents).beginnings(most)
    assert [found[i].tolist() for i in range(len(found))] == [[*d, 0][:most] for d in documents]


@given(LISTS, st.integers(0, 9), st.sampled_from([0.1, 0.5, 0.9]))
def test_every_document_is_in_one_part_and_equal_ones_in_the_same(documents, seed, share):
    if all(each == documents[0] for each in documents):
        return
    training, held_out = list_of(documents).split(seed, share)
    assert sorted([*training, *held_out]) == list(range(len(documents)))
    parts = [{tuple(documents[i]) for i in part} for part in (training, held_out)]
    assert not parts[0] & parts[1]
    different = len({tuple(each) for each in documents})
    assert len(parts[1]) == min(max(round(share * different), 1), different - 1)


def test_the_seed_decides_what_is_held_out():
    found = list_of([[1] * n for n in range(40)])
    held_out = [tuple(found.split(seed, 0.2)[1].tolist()) for seed in (1, 1, 2)]
    assert held_out[0] == held_out[1] != held_out[2]
    assert held_out[0] != tuple(range(32, 40)), "not simply the last ones"


@pytest.mark.parametrize("equal", [[[1], [2], [1], [1, 2]], [[], [1], [], []]])
def test_equal_documents_are_those_of_the_same_symbols(equal):
    firsts = [equal.index(each) for each in equal]
    assert list_of(equal).first_equals.tolist() == firsts

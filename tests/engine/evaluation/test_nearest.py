import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.nearest import WORD, NearestName, NearestNames


def levenshtein(one, other):
    """Fill the table of distances, cell by cell."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, row = row, [i]
        for j, another in enumerate(other, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != another)))
    return row[-1]


def by_hand(names, query):
    distances = [levenshtein(query, name) for name in names]
    return NearestName(names[int(np.argmin(distances))], min(distances))


letters = st.text(st.sampled_from("abcdé龙🦖 "), max_size=12)
anything = st.text(max_size=9)


@given(st.lists(letters, min_size=1, max_size=25), st.lists(letters, max_size=8))
def test_the_nearest_is_the_one_found_by_hand(names, queries):
    expected = [by_hand(names, query) for query in queries]
    assert NearestNames(names).find_all(queries) == expected


@given(st.lists(anything, min_size=1, max_size=10), anything)
def test_any_letters_will_do(names, query):
    assert NearestNames(names).find(query) == by_hand(names, query)


@given(
    st.lists(st.text("ab", min_size=50, max_size=140), min_size=1, max_size=6),
    st.lists(st.text("abc", min_size=60, max_size=140), min_size=1, max_size=3),
)
def test_long_names_are_measured_too(names, queries):
    expected = [by_hand(names, query) for query in queries]
    assert NearestNames(names).find_all(queries) == expected


@pytest.mark.parametrize("length", [1, WORD - 1, WORD, WORD + 1, 2 * WORD + 1])
def test_a_word_s_edge_does_no_harm(length):
    random = np.random.default_rng(length)
    query = "".join(random.choice(list("abc"), length))
    names = [query + "xx", "x" + query[1:] + "yy", query[:-1] + "z" * 3, "abc"]
    assert NearestNames(names).find(query) == by_hand(names, query)


def test_among_equally_near_names_the_first_is_taken():
    # The bounds do not tell them apart in the order of the list: the second has the lower one.
    names = ["rexa", "xer", "rax", "rez", "rax"]
    assert NearestNames(names).find("rex") == NearestName("rexa", 1)
    assert NearestNames(names[1:]).find("rex") == NearestName("rax", 1)
    assert NearestNames(["abc", "abd", "abc"]).find("abc") == NearestName("abc", 0)


def test_many_names_are_searched_in_pieces(corpus, monkeypatch):
    random = np.random.default_rng(3)
    names = list(corpus.distinct)
    queries = [
        "".join(random.permutation(list(names[i]))) + names[i][:2]
        for i in random.integers(len(names), size=20)
    ]
    monkeypatch.setattr("engine.evaluation.nearest._PAIRS", 500)
    monkeypatch.setattr("engine.evaluation.nearest._TABLE_CELLS", 300)
    queries.append(names[0] * 8)
    expected = [by_hand(names, query) for query in queries]
    assert NearestNames(names).find_all(queries) == expected


def test_letters_that_share_a_bit_do_no_harm():
    # More kinds of letters than a word has bits.
    random = np.random.default_rng(4)
    alphabet = [chr(point) for point in range(0x4E00, 0x4E00 + 300)]
    names = ["".join(random.choice(alphabet, random.integers(1, 9))) for _ in range(300)]
    queries = ["".join(random.choice(list(name), 5)) + str(i) for i, name in enumerate(names[:40])]
    found = NearestNames(names).find_all(queries)
    assert found == [by_hand(names, query) for query in queries]


def test_no_names_and_endless_names_are_refused():
    with pytest.raises(ValueError, match="names must have at least one name"):
        NearestNames([])
    with pytest.raises(ValueError, match="at most 32,767 letters, got 40,000"):
        NearestNames(["a" * 40_000])

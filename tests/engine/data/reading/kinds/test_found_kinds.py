from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.kinds.found_kinds import FoundKind, clean_title, with_titles
from engine.data.reading.layout import Entries
from engine.data.training_data import CorpusError

titles = st.sampled_from(["Greek", "greek", " GREEK ", "Irish", "Irish\t", "Welsh", "", " "])
rows = st.lists(st.tuples(st.sampled_from(["ann", "bo", " ", ""]), titles), min_size=1, max_size=30)
wishes = st.dictionaries(
    st.sampled_from(["Greek", "irish", "WELSH"]), st.sampled_from(["", "Greek", "irish", "New"])
)


def told(names, kinds, titles=(), **others):
    return with_titles(Entries(names, kinds=kinds, **others), titles)


@given(rows, wishes)
def test_each_name_is_kept_with_its_title_or_dropped(rows, wishes):
    names, kinds = [name for name, _ in rows], [kind for _, kind in rows]
    if not any(name.strip() and kind.strip() for name, kind in rows):
        with pytest.raises(CorpusError, match="No name has a kind"):
            told(names, kinds)
        return
    given = {found.lower(): title.lower() for found, title in wishes.items()}
    named = {kind.strip().lower() for name, kind in rows if name.strip() and kind.strip()}
    if not any(given.get(kind, kind) for kind in named):
        with pytest.raises(CorpusError, match="All kinds are left out"):
            told(names, kinds, tuple(wishes.items()))
        return
    entries, found = told(names, kinds, tuple(wishes.items()), weights=list(range(len(names))))
    expected = []
    for i, (name, kind) in enumerate(rows):
        title = given.get(kind.strip().lower(), kind.strip().lower())
        if name.strip() and title:
            expected.append((name, title, i))
    kept = zip(entries.names, entries.kinds, entries.weights, strict=True)
    assert [(name, kind.lower(), weight) for name, kind, weight in kept if name.strip()] == expected
    titles = [kind for name, kind in zip(entries.names, entries.kinds, strict=True) if name.strip()]
    assert len(set(titles)) == len({title.lower() for title in titles})
    counts = Counter(kind.strip().lower() for name, kind in rows if name.strip() and kind.strip())
    assert {each.title.lower(): each.count for each in found} == counts
    assert sum(count for _, count in entries.dropped) == (
        sum(bool(name.strip()) for name in names) - len(expected)
    )


def test_spellings_of_one_kind_are_told():
    entries, found = told(["a", "b", "c"], ["Greek", " greek", "Irish"])
    assert entries.kinds == ["Greek", "Greek", "Irish"]
    assert entries.details == (
        "Apart from upper and lower case, “Greek” and “greek” are one kind.",
    )
    assert found == (FoundKind("Greek", 2, "Greek"), FoundKind("Irish", 1, "Irish"))
    # White space alone is no spelling of its own.
    assert told(["a", "b"], ["Greek", " Greek "])[0].details == ()
    many, _ = told(["n"] * 10, [f"{case}{i}" for i in range(5) for case in "kK"])
    assert many.details == (
        "Apart from upper and lower case, “k0” and “K0”; “k1” and “K1”; “k2” and “K2”, and 2 more "
        "such kinds are one kind each.",
    )


def test_kinds_are_renamed_merged_and_left_out():
    names, kinds = list("abcd"), ["Greek", "Irish", "Welsh", "Breton"]
    titles = (("greek", "Hellenic"), ("Welsh", "irish"), ("Breton", ""), ("Latin", "x"))
    entries, found = told(names, kinds, titles)
    assert list(zip(entries.names, entries.kinds, strict=True)) == [
        *[("a", "Hellenic"), ("b", "Irish"), ("c", "Irish")]
    ]
    assert [each.wanted for each in found] == ["Hellenic", "Irish", "Irish", ""]
    assert entries.dropped == (("name of kinds that are left out", 1),)
    assert entries.details == (
        "“Irish” and “Welsh” are merged: “Irish”.",
        "There is no kind “Latin”.",
    )


def test_what_is_merged_is_told():
    kinds = [f"k{i}" for i in range(10)]
    titles = tuple((kind, f"m{i % 4 if i < 8 else 0}") for i, kind in enumerate(kinds))
    entries, _ = told(list("abcdefghij"), kinds, titles)
    assert entries.details == (
        "“k0”, “k4”, “k8” and others are merged: “m0”.",
        "“k1” and “k5” are merged: “m1”.",
        "“k2” and “k6” are merged: “m2”.",
        "1 more title is of several kinds.",
    )


def test_two_kinds_can_change_their_titles_for_each_other():
    entries, _ = told(["a", "b"], ["x", "y"], (("x", "y"), ("y", "x")))
    assert entries.kinds == ["y", "x"]


def test_names_without_a_kind_are_counted():
    entries, _ = told(["a", "b", "", "c"], ["K", "", "", "\u200b"], dropped=(("comment", 2),))
    assert entries.dropped == (("comment", 2), ("name without a kind", 2))
    assert list(entries.names) == ["a", ""]  # the blank one is counted as a blank line


def test_a_title_that_is_a_whole_sentence():
    with pytest.raises(CorpusError, match="has 300 characters"):
        told(["a", "b"], ["x" * 300, "y"])


def test_titles_are_one_clean_line():
    assert clean_title(" Cafe\u0301\r\n \x07Bar ") == "Caf\u00e9 Bar"

"""Matching typed letters with a text."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinogui.window.palette.fuzzy import match, starts_a_word

TITLES = (
    "Train",
    "Schedule of the rate: Inverse, by epoch",
    "Go back to the best network",
    "The course's notebook",
    "Handbook",
    "Learning rate…",
    "Weights and updates",
    "Save run as…",
    "Save run",
)


def best(query):
    found = [(hit.score, title) for title in TITLES if (hit := match(query, title))]
    return max(found)[1] if found else None


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("train", "Train"),
        ("trn", "Train"),
        ("TRAIN", "Train"),
        ("gbn", "Go back to the best network"),
        ("best net", "Go back to the best network"),
        ("network best", "Go back to the best network"),
        ("hndbk", "Handbook"),
        ("lr", "Learning rate…"),
        ("lrate", "Learning rate…"),
        ("andb", "Handbook"),
        ("updates weights", "Weights and updates"),
        ("xyz", None),
        ("trainx", None),
    ],
)
def test_the_best_title_is_the_one_that_was_meant(query, title):
    assert best(query) == title


def test_the_matched_letters_are_named():
    assert match("gbn", "Go back to the best network").positions == (0, 15, 20)
    assert match("rate", "Learning rate").positions == (9, 10, 11, 12)
    assert match("", "Train").positions == ()


def test_letters_of_other_words_do_not_match_in_the_middle():
    assert match("adam", "Add an optimiser") is None
    assert match("trn", "The course's notebook") is None


def test_letters_whose_lower_case_is_longer_keep_their_places():
    hit = match("names", "İ İ names")
    assert hit.positions == (4, 5, 6, 7, 8)


@given(st.text(max_size=12), st.text(max_size=30))
def test_matched_letters_are_those_of_the_text_in_order(query, text):
    hit = match(query, text)
    if hit is not None:
        assert list(hit.positions) == sorted(set(hit.positions))
        assert all(0 <= place < len(text) for place in hit.positions)


def test_every_beginning_of_every_word_is_found():
    source = random.Random(5)
    for _ in range(200):
        words = ["".join(source.choices(string.ascii_lowercase, k=6)) for _ in range(4)]
        word = source.choice(words)
        assert match(word[: source.randint(1, 6)], " ".join(words)) is not None


def test_a_word_begins_with_letters():
    assert starts_a_word("HAND", "open the Handbook")
    assert not starts_a_word("book", "open the Handbook")

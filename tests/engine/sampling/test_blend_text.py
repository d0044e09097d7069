"""Blends of kinds as text: read, written, and refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nn.kinds import BlendError
from engine.sampling.blend_text import text_of_weights, weights_of_text


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("Greek=0.6,Irish=0.4", {"Greek": 0.6, "Irish": 0.4}),
        (" Greek = 0.6 , Irish= 4e-1 ", {"Greek": 0.6, "Irish": 0.4}),
        ("Old Norse=1", {"Old Norse": 1}),
        ('"Smith, Jones"=2,"a=b"=3', {"Smith, Jones": 2, "a=b": 3}),
        ('"say ""hello"""=1', {'say "hello"': 1}),
        ("Greek=1,", {"Greek": 1}),
        ("Greek=-1", {"Greek": -1}),
    ],
)
def test_a_blend_is_read(text, weights):
    assert weights_of_text(text) == weights


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a kind and a weight"),
        ("Greek", "“Greek” is not a kind and a weight"),
        ("Greek=0.6 Irish=0.4", "must be a number, got “0.6 Irish=0.4”"),
        ("Greek=,Irish=1", "The weight of “Greek” must be a number, got “”"),
        ("Greek=much", "The weight of “Greek” must be a number, got “much”"),
        ("=1", "A weight has no kind before it"),
        ("Greek=1,Greek=2", "“Greek” has two weights"),
        ('"Greek=1', "is not a kind and a weight"),
        ('"Greek"x=1', "is not a kind and a weight"),
        ("Greek=1,,Irish=1", "is not a kind and a weight"),
    ],
)
def test_what_is_no_blend_is_refused(text, said):
    with pytest.raises(BlendError, match=said):
        weights_of_text(text)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip),
        st.sampled_from([0.25, 0.5, 1.0, 3.0]),
        min_size=1,
    )
)
def test_what_is_written_is_read_again(weights):
    assert weights_of_text(text_of_weights(weights)) == weights


def test_kinds_without_weight_are_left_out():
    assert text_of_weights({"Greek": 1, "Irish": 0, "Old, Norse": 0.123456}) == (
        'Greek=1,"Old, Norse"=0.1235'
    )

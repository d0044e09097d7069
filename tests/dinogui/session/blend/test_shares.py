"""Shares of kinds in a blend, as whole percents."""

import random
import shlex

import numpy as np
import pytest

from dinogui.session.blend.shares import WHOLE, Shares
from engine.nn.kinds import BlendError
from engine.sampling.blend_text import weights_of_text


def test_a_kind_alone_reads_as_its_title():
    shares = Shares.only("Greek")
    assert (shares.words, shares.is_blend, shares.option) == ("Greek", False, '--kind "Greek"')


def test_a_blend_reads_as_a_sentence_and_as_an_option():
    shares = Shares((("Greek", 60), ("Irish", 40)))
    assert shares.words == "60 % Greek, 40 % Irish"
    assert shares.option == '--blend "Greek=0.6,Irish=0.4"'


@pytest.mark.parametrize("title", ["Smith, Jones", 'the "old"', "a=b", "it's $HOME", "50 % !"])
def test_a_copied_option_is_read_as_the_same_blend(title):
    option = Shares(((title, 25), ("Irish", 75))).option
    name, argument = shlex.split(option)
    assert name == "--blend"
    assert weights_of_text(argument) == {title: 0.25, "Irish": 0.75}


def test_another_share_leaves_the_others_their_proportions():
    shares = Shares((("A", 50), ("B", 30), ("C", 20)))
    assert shares.with_share("A", 0).of == (("A", 0), ("B", 60), ("C", 40))
    assert shares.with_share("A", 100).of == (("A", 100), ("B", 0), ("C", 0))
    # Those that have nothing left share evenly again.
    assert shares.with_share("A", 100).with_share("A", 40).of == (("A", 40), ("B", 30), ("C", 30))


def test_kinds_come_and_go():
    shares = Shares.only("A").with_kind("B")
    assert shares.of == (("A", 50), ("B", 50))
    assert sorted(percent for _, percent in shares.with_kind("C").of) == [33, 33, 34]
    assert shares.without_kind("A") == Shares.only("B")
    assert Shares.only("A").without_kind("A") == Shares.only("A")
    empty = Shares((("A", 100), ("B", 0), ("C", 0)))
    assert empty.without_kind("A").of == (("B", 50), ("C", 50))


def test_percents_add_up_whatever_is_done():
    dice, shares = random.Random(3), Shares.only("k0")
    for _ in range(400):
        title = f"k{dice.randrange(7)}"
        if title not in shares.titles:
            shares = shares.with_kind(title)
        elif dice.random() < 0.2:
            shares = shares.without_kind(title)
        else:
            shares = shares.with_share(title, dice.randrange(WHOLE + 1))
        assert sum(percent for _, percent in shares.of) == WHOLE
        assert Shares.of_text(shares.to_text()) == shares


@pytest.mark.parametrize(
    "parts", [(), (("A", 99),), (("A", 50), ("A", 50)), (("A", 101), ("B", -1))]
)
def test_what_is_no_blend_is_refused(parts):
    with pytest.raises(ValueError, match="blend"):
        Shares(parts)


@pytest.mark.parametrize("text", ["", "null", "[]", "[[1, 100]]", '[["A", 1.5]]', "{", '[["A"]]'])
def test_a_damaged_text_is_no_blend(text):
    assert Shares.of_text(text) is None


def test_weights_are_in_the_order_of_the_network():
    shares = Shares((("Greek", 60), ("Irish", 40)))
    np.testing.assert_allclose(shares.weights(("Irish", "Norse", "Greek")), [0.4, 0, 0.6])
    with pytest.raises(BlendError, match="Greek"):
        shares.weights(("Irish", "Norse"))


def test_what_another_network_does_not_know_is_left_out():
    shares = Shares((("Greek", 60), ("Irish", 40)))
    assert shares.among(("Irish", "Norse")) == Shares.only("Irish")
    assert shares.among(("Norse",)) is None
    assert Shares((("Greek", 100), ("Irish", 0))).among(("Irish",)) is None

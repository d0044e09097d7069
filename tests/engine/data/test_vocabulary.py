import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.visible_symbols import quoted
from engine.data.vocabulary import END, END_INDEX, UnknownSymbolError, Vocabulary

symbols = st.characters(exclude_categories=["Cs"], exclude_characters=END)
names = st.lists(st.text(symbols, min_size=1, max_size=12), min_size=1, max_size=20)


def test_the_dinosaurs_have_the_course_s_indices(letters):
    assert letters.symbols == (END, *string.ascii_lowercase)
    assert letters.encode("trex\n").tolist() == [20, 18, 5, 24, 0]


@given(names)
def test_holds_every_symbol_once_in_order_behind_the_end(names):
    vocabulary = Vocabulary.from_names(names)
    assert vocabulary.symbols[END_INDEX] == END
    assert list(vocabulary.symbols[1:]) == sorted(set("".join(names)))
    assert len(vocabulary) == len(vocabulary.symbols)


@given(names)
def test_the_order_and_number_of_names_do_not_matter(names):
    assert Vocabulary.from_names(names) == Vocabulary.from_names(list(reversed(names)) * 2)


@given(names)
def test_decode_undoes_encode(names):
    vocabulary = Vocabulary.from_names(names)
    for name in (*names, "", names[0] + END):
        encoded = vocabulary.encode(name)
        assert encoded.shape == (len(name),)
        assert vocabulary.decode(encoded) == name


@given(names)
def test_encode_all_is_encode_of_each_name_and_its_end(names):
    vocabulary = Vocabulary.from_names(names)
    encoded = vocabulary.encode_all(names)
    assert len(encoded) == len(names)
    assert encoded.lengths.tolist() == [len(name) + 1 for name in names]
    for index, name in enumerate(names):
        np.testing.assert_array_equal(encoded[index], vocabulary.encode(name + END))


@given(names, st.randoms(use_true_random=False))
def test_take_picks_names_in_the_order_asked_for(names, random):
    vocabulary = Vocabulary.from_names(names)
    chosen = random.choices(range(len(names)), k=7)
    taken = vocabulary.encode_all(names).take(np.array(chosen))
    assert [vocabulary.decode(taken[i]) for i in range(7)] == [names[c] + END for c in chosen]


def test_encode_all_of_no_names_is_empty(letters):
    encoded = letters.encode_all([])
    assert len(encoded) == 0
    assert encoded.symbols.size == 0


def test_encoded_names_are_read_only(letters):
    with pytest.raises(ValueError, match="read-only"):
        letters.encode_all(["rex"]).symbols[0] = 1


@given(names, symbols)
def test_an_unknown_symbol_is_named(names, symbol):
    vocabulary = Vocabulary.from_names(name.replace(symbol, "") for name in names)
    for encode in (vocabulary.encode, lambda name: vocabulary.encode_all([names[0], name])):
        with pytest.raises(UnknownSymbolError) as caught:
            encode(symbol + symbol)
        assert caught.value.symbol == symbol
        named = quoted(symbol)
        letter = "" if named.startswith("U+") else "the letter "
        assert f"The model has never seen {letter}{named}." in str(caught.value)


def test_the_first_unknown_symbol_is_named_and_the_known_are_listed():
    vocabulary = Vocabulary.from_names(["abc"])
    with pytest.raises(UnknownSymbolError) as caught:
        vocabulary.encode("caßÜ")
    assert str(caught.value) == ("The model has never seen the letter “ß”. It knows these: abc")


def test_a_long_list_of_known_symbols_is_cut():
    vocabulary = Vocabulary.from_names([chr(code) for code in range(0x4E00, 0x4E00 + 5000)])
    with pytest.raises(UnknownSymbolError) as caught:
        vocabulary.encode("a")
    assert str(caught.value).endswith("…")
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        ((), "symbols must have at least one"),
        ((END, "a", "a"), "symbols must not repeat"),
        ((END, END), "symbols must not repeat"),
    ],
)
def test_symbols_that_make_no_vocabulary_are_refused(symbols, message):
    with pytest.raises(ValueError, match=message):
        Vocabulary(symbols)


def test_without_names_only_the_end_is_left():
    assert Vocabulary.from_names([]).symbols == (END,)

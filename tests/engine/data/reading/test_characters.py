import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.characters import (
    KINDS,
    MAX_ACCENTS,
    clean_characters,
    compatibility_forms,
)
from engine.data.training_data import CorpusError

# Much of what is cleaned, among letters of all kinds.
ODD = (
    "\u200e\u200f\u202a\u2066\u2069\u061c\ufeff\xad\u200b\u2060\x00\x07\x7f\x9f\u200c\u200d\u034f"
    "\x85\u2028\u2029\v\f\r\x1c\xa0\u3000\u2003\u202f\u2800\ufff9\ud800"
)
LETTERS = "aeñ \n\u0301\u0307क\u094dषम\u0940نا👩👧\ufe0fΣ"
text = st.text(st.sampled_from(ODD) | st.sampled_from(LETTERS) | st.characters(), max_size=20)


@given(text)
def test_what_is_clean_stays_as_it_is(text):
    clean, _ = clean_characters(text)
    assert clean_characters(clean)[0] == clean
    assert not set(clean_characters(clean)[1])


@given(text)
def test_nothing_is_left_of_what_was_said_to_be_dropped(text):
    clean, counts = clean_characters(text)
    assert set(counts) <= set(KINDS)
    assert all(counts.values())
    assert clean == unicodedata.normalize("NFC", clean)
    assert not set(clean) & (set(ODD) - set("\u200c\u200d"))
    for character in clean:
        category = unicodedata.category(character)
        assert category not in ("Zl", "Zp", "Cs")
        assert category != "Zs" or character == " "
        assert category != "Cc" or character in "\n\t"


@pytest.mark.parametrize(
    ("written", "clean", "counts"),
    [
        ("\u200fنور\u200e", "نور", {"direction": 2}),
        ("bob\ufeffann", "bobann", {"byte order mark": 1}),
        ("Yi\xa0qi\u2009x\u3000y", "Yi qi x y", {"space": 3}),
        ("Bran\xadchio\u200bsaurus", "Branchiosaurus", {"soft hyphen": 1, "zero-width space": 1}),
        ("a\x85b\u2028c\u2029d\ve\ff\rg\r\nh", "a\nb\nc\nd\ne\nf\ng\nh", {"line end": 7}),
        ("a\x07b\x00c", "abc", {"control": 2}),
        ("e\u0301", "é", {}),
        ("e\xad\u0301", "é", {"soft hyphen": 1}),  # what is dropped stood between them
        ("rex\tmei\n", "rex\tmei\n", {}),
        ("Ｒｅｘ ﬁ", "Ｒｅｘ ﬁ", {}),  # compatibility forms stay
        ("a\ud800b", "ab", {"tag": 1}),
        ("\U000e0068\U000e0069\U000e0001bob", "bob", {"tag": 3}),
        ("a\ufe0fb\ufe0e c\u0301\ufe00", "ab ć", {"tag": 3}),
        ("❤\ufe0f\ufe0f", "❤\ufe0f", {"tag": 1}),
        ("bob\ufdd0\uffff\U0001d173", "bob", {"tag": 3}),
    ],
)
def test_characters_of_each_kind(written, clean, counts):
    assert clean_characters(written) == (clean, counts)


@pytest.mark.parametrize(
    "kept",
    [
        "می\u200cخواهم",  # Persian: I want
        "क\u094d\u200dष",  # Hindi: half a letter
        "👩\u200d👩\u200d👧",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",  # a keycap
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England
        "葛\U000e0100",  # a variant of an ideograph
    ],
)
def test_what_is_invisible_stays_where_a_script_or_an_emoji_needs_it(kept):
    assert clean_characters(kept) == (kept, {})


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("an\u200dna", "anna"),
        ("\u200dعمر\u200c", "عمر"),
        ("می\u200c خواهم", "می خواهم"),
        ("Ан\u200cна", "Анна"),
        ("می\u200c\u200c\u200cخواهم", "می\u200cخواهم"),
        ("a\u200d\u0301", "á"),
    ],
)
def test_other_joiners_are_dropped(written, clean):
    assert clean_characters(written)[0] == clean


def test_compatibility_forms_are_found():
    assert compatibility_forms(["a", "ﬁ", "Ｒ", "é", "①", "क", " ", "-", "𝐀"]) == (
        "ﬁ",
        "Ｒ",
        "①",
        "𝐀",
    )


@pytest.mark.parametrize("between", ["", "\u200d", "\xad"])
@pytest.mark.parametrize("before", [0, 7, 50])
def test_a_letter_with_endless_accents_is_refused(between, before):
    text = "é" * before + "a" + f"\u0301{between}" * (MAX_ACCENTS + 2)
    with pytest.raises(CorpusError, match="There is a letter with more than 100 accents in “list”"):
        clean_characters(text, "list")
    fewer = "é" * before + "a" + "\u0301" * MAX_ACCENTS
    assert clean_characters(fewer)[0] == unicodedata.normalize("NFC", fewer)

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.casing import lower_cased, title_case, unify

ALL = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
CASED = [c for c in ALL if c.lower() != c or c.upper() != c or c.title() != c]


def test_every_letter_in_lower_case_is_one_symbol():
    assert len(CASED) > 2_700
    for letter in CASED:
        assert len(lower_cased(letter)) == 1
        assert lower_cased(lower_cased(letter)) == lower_cased(letter)


def test_no_letter_is_lower_cased_differently_from_unicode_s_rule_but_one():
    assert [c for c in CASED if lower_cased(c) != c.lower()] == ["İ"]


@pytest.mark.parametrize(
    ("written", "lower"),
    [
        ("İpek", "ipek"),
        ("DİLEK", "dilek"),
        ("I\u0307pek", "ipek"),  # the same in two code points
        ("ΑΣ", "ας"),
        ("ΣΑΣ ΣΑ", "σας σα"),
        ("STRAẞE", "straße"),
        ("ǅumbo", "ǆumbo"),
        ("É", "é"),
        ("E\u0301", "é"),
    ],
)
def test_words_in_lower_case(written, lower):
    assert unify(written, lower_case=True) == lower
    assert unify(unify(written, lower_case=True), lower_case=True) == lower


@given(st.text(max_size=12))
def test_what_is_unified_stays_as_it_is(text):
    for lower_case in (True, False):
        once = unify(text, lower_case=lower_case)
        assert unify(once, lower_case=lower_case) == once == unicodedata.normalize("NFC", once)


def test_every_letter_with_a_capital_is_shown_with_one():
    for letter in CASED:
        shown = title_case(f"{letter}na")
        assert shown.endswith("na")
        assert not shown[:1].islower() or letter.title() == letter
        # At most the first letter of what it stands for is a capital.
        capitals = [c for c in shown[:-2] if c.isupper() or c.istitle()]
        assert len(capitals) <= 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("finch", "Finch"),
        ("ﬁnch", "Finch"),
        ("ßara", "Ssara"),
        ("ǆumbo", "ǅumbo"),
        ("ŉamo", "ʼNamo"),
        ("ıldız", "Ildız"),
        ("yi qi", "Yi qi"),
        ("恐龙", "恐龙"),
        ("ანა", "ანა"),  # Georgian has no title case
        ("", ""),
        ("Rex", "Rex"),
        ("mcDonald", "McDonald"),
    ],
)
def test_names_as_they_are_shown(name, shown):
    assert title_case(name) == shown

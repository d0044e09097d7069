import unicodedata

import pytest

from engine.data.visible_symbols import joined, quoted, visible
from engine.data.vocabulary import DOCUMENT_END, END, UnknownSymbolError, Vocabulary


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        (END, "⏎"),
        (" ", "␣"),
        ("\t", "⇥"),
        (DOCUMENT_END, "¶"),
        ("a", "a"),
        ("龍", "龍"),
        ("\u0307", "◌\u0307"),
        ("\u093e", "◌\u093e"),
        ("\u200d", "U+200D"),
        ("\u00a0", "U+00A0"),
        ("\x00", "U+0000"),
        ("\U000e0020", "U+E0020"),
    ],
)
def test_each_symbol_can_be_seen_alone(symbol, shown):
    assert visible(symbol) == shown


def test_no_two_symbols_look_the_same_for_want_of_a_shape():
    symbols = [chr(code) for code in range(0x3000) if unicodedata.category(chr(code)) != "Cs"]
    shown = list(map(visible, symbols))
    assert len(set(shown)) == len(symbols) - len("⏎␣⇥¶"), "these are symbols themselves"
    assert all(text.isprintable() for text in shown)


def test_marks_stand_on_their_letters_again_in_a_joined_text():
    text = "\u0301ki\u0307 ◌\u200d\n"
    assert joined(list(map(visible, text))) == "◌\u0301ki\u0307␣◌U+200D⏎"
    assert joined([]) == ""


def test_a_message_shows_marks_and_blanks_that_are_unknown_or_known():
    vocabulary = Vocabulary(("\n", " ", "i", "\u0307"))
    with pytest.raises(UnknownSymbolError) as caught:
        vocabulary.encode("\u0301")
    message = str(caught.value)
    assert "the letter “◌\u0301”" in message
    assert message.endswith("It knows these: ␣i◌\u0307")


@pytest.mark.parametrize(
    ("symbol", "named"),
    [
        ("\r", "U+000D, carriage return"),
        ("\t", "U+0009, tab"),
        ("\n", "U+000A, line feed"),
        ("\x03", "U+0003, end of text"),
        ("\x1f", "U+001F, control character"),
        ("\x7f", "U+007F, delete"),
        ("\x85", "U+0085, next line"),
        ("\ue000", "U+E000"),
        (" ", "U+0020, space"),
        ("\u200d", "U+200D, zero width joiner"),
        ("\ufeff", "U+FEFF, zero width no-break space"),
        ("\u2028", "U+2028, line separator"),
    ],
)
def test_a_message_names_what_has_no_shape(symbol, named):
    assert quoted(symbol) == named
    with pytest.raises(UnknownSymbolError) as caught:
        Vocabulary(("a", "b")).encode(f"a{symbol}b")
    assert f"never seen {named}. It knows these: ab" in str(caught.value)


@pytest.mark.parametrize("symbol", ["é", "龍", "¶"])
def test_a_message_quotes_what_can_be_seen(symbol):
    assert quoted(symbol) == f"“{symbol}”"


def test_notes_are_joined_with_blanks_between_them():
    assert joined(["|", "B♭4", "½♩", "rest", "♩"]) == "| B♭4 ½♩ rest ♩"
    assert joined(["♩", "c", "4"]) == "♩c4", "a text may have such a sign"
    assert Vocabulary(("\x03", "C4", "♩")).spells_notes
    assert not Vocabulary(("\n", "4", "C", "♩")).spells_notes

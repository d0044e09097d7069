import unicodedata

import pytest

from engine.data.visible_symbols import joined, visible
from engine.data.vocabulary import END, UnknownSymbolError, Vocabulary


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        (END, "⏎"),
        (" ", "␣"),
        ("\t", "⇥"),
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
    assert len(set(shown)) == len(symbols) - len("⏎␣⇥"), "these are symbols themselves"
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

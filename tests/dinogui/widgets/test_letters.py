import random
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QTextCharFormat

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.letters import Letters, LettersLine, Tint, draw_letters, elided

LINE = QTextCharFormat.UnderlineStyle.SingleUnderline


def luminance(colour):
    """Return the relative luminance of a colour, as WCAG 2.1 defines it."""
    channels = QColor(colour).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_can_be_read_on_every_tint(colours):
    tint = Tint(colours.base, colours.surprise, colours.accent)
    for step in range(17):
        low, high = sorted((luminance(colours.text), luminance(tint.shade(step / 16))))
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_long_name_asks_for_the_room_it_needs(qtbot):
    line = LettersLine()
    qtbot.addWidget(line)
    line.show_letters(Letters(tuple("Archaeornithomimusaurustitanop"), (0.0,) * 30))
    assert line.sizeHint().width() > 30 * line.fontMetrics().horizontalAdvance("i")
    assert line.sizeHint().width() >= line.fontMetrics().horizontalAdvance(line.accessibleName())


def test_every_letter_has_its_shade_and_its_line_and_no_two_pieces_could_be_one(qapp):
    tint = Tint("#ffffff", "#ff8000", "#0000ff")
    dice = random.Random(17)
    for _ in range(50):
        count = dice.randint(1, 12)
        texts = tuple(dice.choice(("a", "ž", "𐐀", "Ss")) for _ in range(count))
        tints = tuple(dice.choice((0.0, 0.01, 0.5, 0.5, 1.0, 1.7)) for _ in range(count))
        marks = tuple(dice.random() < 0.3 for _ in range(count))
        looks = {}
        pieces = tint.formats(Letters(texts, tints, marks), with_shades=True)
        for piece in pieces:
            form = piece.format
            shade = form.background().color().name() if form.hasProperty(0x820) else None
            for place in range(piece.start, piece.start + piece.length):
                assert place not in looks
                looks[place] = (shade, form.underlineStyle() == LINE)
        start = 0
        for text, share, is_marked in zip(texts, tints, marks, strict=True):
            length = len(text.encode("utf-16-le")) // 2
            shade = tint.shade(share).name() if round(min(share, 1.0) * 16) else None
            wanted = (shade, is_marked)
            for place in range(start, start + length):
                assert looks.pop(place, (None, False)) == wanted
            start += length
        assert not looks
        for one, other in pairwise(pieces):
            touches = one.start + one.length == other.start
            assert not (touches and one.format == other.format)


NAME = Letters(tuple("Archaeornithomimusaurustitanop"), (0.5,) * 30, (True,) * 30)


def painted(letters, width, font):
    image = QImage(width, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    tint = Tint("#ffffff", "#ff8000", "#0000ff")
    draw_letters(painter, image.rect(), letters, tint, font, with_shades=True)
    painter.end()
    return image


def test_a_name_that_does_not_fit_ends_in_an_ellipsis(qapp):
    font = qapp.font()
    whole = QFontMetrics(font).horizontalAdvance("".join(NAME.texts))
    for width in (20, 60, 111, whole - 1):
        shown = elided(NAME, font, width)
        count = len(shown.texts) - 1
        assert shown.texts == (*NAME.texts[:count], "…")
        assert shown.tints == (*NAME.tints[:count], 0.0)
        assert shown.marks == (*NAME.marks[:count], False)
        assert QFontMetrics(font).horizontalAdvance("".join(shown.texts)) <= max(width, 20)
    assert elided(NAME, font, whole + 1) is NAME
    assert painted(NAME, 120, font) == painted(elided(NAME, font, 112), 120, font)
    assert painted(NAME, 120, font) != painted(Letters(NAME.texts[:9], NAME.tints[:9]), 120, font)


def test_a_capital_of_two_letters_is_shown_whole_or_not_at_all(qapp):
    letters = Letters(("Ss",) * 12, (0.0,) * 12)
    for width in range(20, 120, 7):
        shown = elided(letters, qapp.font(), width)
        assert all(text == "Ss" for text in shown.texts[:-1])
        assert shown.texts[-1] == "…"
        assert shown.marks == ()

"""The legend names the lines; its tooltip says what was measured on how much."""

import re
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from dinogui.common.theme import DARK, LIGHT
from dinogui.panels.loss.head.legend import Legend, LegendContent
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.units import Unit
from engine.training.messages import HeldOutLoss

PART, WHOLE = HeldOutSize(20_000, 111_539, "symbol"), HeldOutSize(140, 140, "name")
FULL = HeldOutLoss(1_503, 24.25, 1.75)


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def legend(window):
    legend = Legend(window)
    legend.show_colours(LIGHT)
    legend.show()
    return legend


def plain(html):
    """Return a text without its markup."""
    return re.sub("<[^>]*>", "", html).replace("&nbsp;", " ").replace("\u00a0", " ")


def test_it_says_on_how_much_each_line_was_measured(legend):
    for content, expected in [
        (LegendContent(), "━ training, smoothed   ■ each name: middle half and 80 %"),
        (
            LegendContent("text", shows_raw=False, guessing=4.174),
            "━ training, smoothed   ╌ guessing 4.17",
        ),
        (
            LegendContent(held_out=WHOLE),
            "━ training, smoothed   ■ each name: middle half and 80 %   ━ held out: all 140 names",
        ),
        (
            LegendContent("text", Unit.NATS_PER_CHARACTER, False, None, PART, has_n_grams=True),
            "━ training, smoothed   ━ held out, ╌ n-grams: 20,000 of 111,539 symbols",
        ),
        (
            LegendContent("text", Unit.PERPLEXITY, False, None, PART, 0, FULL, has_n_grams=True),
            "━ training, smoothed   ━ held out: 20,000 of 111,539 symbols   "
            "◆ 5.75 at step 1,503, ╌ n-grams: all 111,539 symbols",
        ),
        (
            LegendContent("names", Unit.NATS_PER_NAME, False, None, WHOLE, 7, FULL, None, True),
            "━ training, smoothed   ━ held out, ◆ 24.25 at step 1,503, ╌ n-grams: all 140 names",
        ),
        (
            LegendContent("text", Unit.NATS_PER_CHARACTER, False, None, PART, 1_200, None, 0.4),
            "━ training, smoothed   ━ held out: 20,000 of 111,539 symbols "
            "(before step 1,200: the first 20,000)   ◆ measuring, 40%: all 111,539 symbols",
        ),
    ]:
        legend.show_content(content)
        assert plain(legend.details) == expected
        said = re.sub("<br>", "\n", legend.toolTip())
        assert plain(said).split("\n") == expected.split("   ")


def test_signs_have_the_colours_of_the_theme(legend):
    legend.show_content(LegendContent(held_out=PART, full_held_out=FULL, has_n_grams=True))
    legend.show_within(1_000, is_beside=False)
    for colours in (DARK, LIGHT):
        legend.show_colours(colours)
        for sign, colour in (("━", colours.smoothed), ("◆", colours.held_out)):
            assert f'<span style="color:{colour}">{sign}</span>' in legend.text()
            assert f'<span style="color:{colour}">{sign}</span>' in legend.toolTip()


def test_what_matters_most_is_shown_where_room_is_scarce(legend):
    content = LegendContent(held_out=WHOLE, full_held_out=FULL, has_spikes=True)
    legend.show_content(content)
    shown = []
    for width in (1_000, 420, 300, 200, 100):
        legend.show_within(width, is_beside=True)
        shown.append(plain(legend.text()).split("   "))
        needed = QLabel(legend.text(), font=legend.font()).sizeHint().width()
        assert needed <= width or len(shown[-1]) == 1
        assert legend.sizeHint().width() == width  # whatever it shows
    every = ["━ training", "━ held out", "■ middle half, 80 %", "◆ 24.25 on all", "▼ peak"]
    assert shown[0] == every
    assert all(some == every[: len(some)] for some in shown)
    assert len(shown[0]) > len(shown[2]) > len(shown[-1])


def test_its_least_width_does_not_depend_on_what_comes_and_goes(legend):
    content = LegendContent(held_out=WHOLE)
    legend.show_content(content)
    width = legend.least_width
    for shown in (
        replace(content, measured_share=0.4),
        replace(content, full_held_out=FULL, has_n_grams=True, has_spikes=True),
        replace(content, shows_raw=False),
    ):
        legend.show_content(shown)
        assert legend.least_width == width


def test_a_larger_font_needs_more_room(legend):
    legend.show_content(LegendContent(held_out=PART))
    before, font = legend.least_width, legend.font()
    font.setPointSizeF(2 * font.pointSizeF())
    legend.setFont(font)
    assert legend.least_width > 1.5 * before

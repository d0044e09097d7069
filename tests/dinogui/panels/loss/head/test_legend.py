"""The legend says what was measured on how much, and keeps its height."""

import re
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from dinogui.common.theme import DARK, LIGHT
from dinogui.panels.loss.head.legend import Legend, LegendContent
from engine.evaluation.held_out import HeldOutSize
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


def text_of(legend):
    """Return the legend without its markup."""
    return re.sub("<[^>]*>", "", legend.text()).replace("&nbsp;", " ")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (LegendContent(), "━ training, smoothed   ■ each name: middle half and 80 %"),
        (
            LegendContent("text", shows_raw=False, guessing=4.174),
            "━ training, smoothed   ╌ guessing 4.174",
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
            "◆ 5.755 at step 1,503, ╌ n-grams: all 111,539 symbols",
        ),
        (
            LegendContent("names", Unit.NATS_PER_NAME, False, None, WHOLE, 7, FULL, None, True),
            "━ training, smoothed   ━ held out, ◆ 24.250 at step 1,503, ╌ n-grams: all 140 names",
        ),
        (
            LegendContent("text", Unit.NATS_PER_CHARACTER, False, None, PART, 1_200, None, 0.4),
            "━ training, smoothed   ━ held out: 20,000 of 111,539 symbols "
            "(before step 1,200: the first 20,000)   ◆ measuring, 40%: all 111,539 symbols",
        ),
    ],
    ids=["empty", "text", "names", "part", "full", "whole", "earlier version"],
)
def test_it_says_on_how_much_each_line_was_measured(legend, content, expected):
    legend.show_content(content)
    assert text_of(legend) == expected


def test_signs_have_the_colours_of_the_theme(legend):
    legend.show_content(LegendContent(held_out=PART, full_held_out=FULL, has_n_grams=True))
    for colours in (DARK, LIGHT):
        legend.show_colours(colours)
        for sign, colour in (("━", colours.smoothed), ("◆", colours.held_out)):
            assert f'<span style="color:{colour}">{sign}</span>' in legend.text()


@pytest.mark.parametrize("width", [200, 320, 640, 1200])
def test_its_height_depends_on_its_width_alone(legend, width):
    content = LegendContent("text", Unit.NATS_PER_CHARACTER, True, 4.174, PART)
    legend.show_content(content)
    legend.resize(width, legend.height())
    height = legend.height()
    assert height < 300 * 200 / width
    for shown in (
        replace(content, has_n_grams=True),
        replace(content, measured_share=0.4),
        replace(content, full_held_out=FULL, has_n_grams=True),
        replace(content, unit=Unit.PERPLEXITY, guessing=65.0, shows_raw=False),
    ):
        legend.show_content(shown)
        assert legend.height() == height
        needed = QLabel(legend.text(), wordWrap=True, font=legend.font())
        assert needed.heightForWidth(width) <= height


def test_it_can_be_resized_before_it_describes_anything(window, qtlog):
    legend = Legend(window)
    legend.show()
    legend.resize(300, 40)
    assert not [record for record in qtlog.records if "sizes" in record.message]


def test_a_larger_font_gets_more_room(legend):
    legend.show_content(LegendContent(held_out=PART))
    legend.resize(400, 20)
    before, font = legend.height(), legend.font()
    font.setPointSizeF(2 * font.pointSizeF())
    legend.setFont(font)
    assert legend.height() > 1.5 * before

"""Chips: what they say where room is scarce."""

from dinogui.widgets.buttons.chip import Chip


def test_a_chip_shortens_its_text_and_keeps_all_of_it_in_the_tooltip(show, pixels):
    chip = Chip("What it is trained on", "Click to open other data")
    chip.say("dinosaurs.txt", "1,405 names")
    assert chip.words == "dinosaurs.txt · 1,405 names"
    assert chip.accessibleName() == "What it is trained on: dinosaurs.txt · 1,405 names"
    assert chip.toolTip().startswith("dinosaurs.txt · 1,405 names. ")
    assert chip.minimumSizeHint().width() < chip.sizeHint().width() / 2
    short = chip.sizeHint().width()
    chip.say("dinosaurs of all countries.txt", "1,405 names")
    assert chip.sizeHint().width() > short
    show(chip)
    chip.resize(chip.minimumSizeHint())
    assert len(pixels(chip)) > 2, "some of it can be read"


def test_a_detail_is_shown_whole_or_not_at_all(show, pixels):
    chip = Chip("What it is trained on", "Click to open other data")
    chip.say("dinosaurs.txt", "")
    alone = chip.sizeHint()
    chip.say("dinosaurs.txt", "1,405 names")
    show(chip)
    whole = chip.sizeHint()
    chip.resize(whole)
    inks = len(pixels(chip))
    chip.resize(whole.width() - 12, whole.height())
    cut = pixels(chip)
    assert len(cut) < inks
    chip.say("dinosaurs.txt", "")
    assert pixels(chip) == cut, "“1,40…” would be another number"
    assert alone.width() < whole.width() - 12

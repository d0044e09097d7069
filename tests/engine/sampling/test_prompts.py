import pytest

from engine.sampling.prompts import unified_prompt


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_a_newline(line_end):
    assert unified_prompt(f"A{line_end}b{line_end}", lower_case=False) == "A\nb\n"


def test_letters_are_those_of_the_training_text():
    assert unified_prompt("Cafe\u0301", lower_case=False) == "Café"
    assert unified_prompt("CAFE\u0301", lower_case=True) == "café"

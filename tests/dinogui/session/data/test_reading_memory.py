"""What is remembered of how files were read."""

import json

import pytest

from dinogui.common.preferences import Preferences
from dinogui.session.data.reading_memory import MAX_REMEMBERED, ReadingMemory
from engine.data.reading.choices import ReadingChoices

CHOICES = ReadingChoices(encoding="cp1252", column=2, header=False, lower_case=False)


def stored():
    """Return a memory that was read from the settings file."""
    memory = ReadingMemory()
    memory.keep_in(Preferences())
    return memory


def test_choices_last_from_start_to_start():
    first = stored()
    first.note("/a/names.csv", CHOICES)
    assert stored().recall("/a/names.csv") == CHOICES
    assert stored().recall("/a/other.csv") is None


def test_the_files_used_longest_ago_are_forgotten():
    memory = stored()
    for number in range(MAX_REMEMBERED + 10):
        memory.note(str(number), CHOICES)
        memory.note("0", CHOICES)
    memory = stored()
    assert memory.recall("0") == CHOICES, "it was used last"
    assert memory.recall("5") is None
    assert memory.recall(str(MAX_REMEMBERED + 9)) == CHOICES


@pytest.mark.parametrize(
    "value",
    [
        "no JSON",
        "[1, 2]",
        json.dumps({"/a": {"encoding": 5}}),
        json.dumps({"/a": {"unknown": 1}}),
        json.dumps({"/a": ["x"]}),
        json.dumps({"/a": {"column": [1]}}),
        json.dumps({"/a": {"header": "perhaps"}}),
    ],
)
def test_a_damaged_settings_file_is_ignored(value):
    preferences = Preferences()
    preferences.set_text("files/reading", value)
    preferences.write_to_disk()
    assert stored().recall("/a") is None

"""Ranking what matches."""

from dinogui.window.palette.entry import Entry
from dinogui.window.palette.ranking import find


def entry(title, group="Run", key="", **more):
    return Entry(key or title, group, title, lambda: None, **more)


def titles(*args, **more):
    return [hit.entry.title for hit in find(*args, **more)]


ENTRIES = [
    entry("Save run"),
    entry("Save run as…"),
    entry("Names", "Handbook"),
    entry("Deep LSTM", "Preset", detail="Two layers of 128 units"),
]


def test_without_a_query_the_recent_ones_are_first_and_the_others_in_order():
    recent = ["Deep LSTM", "gone", "Save run as…"]
    assert titles(ENTRIES, "", recent) == ["Deep LSTM", "Save run as…", "Save run", "Names"]


def test_of_equal_matches_the_shorter_title_is_first_unless_the_other_was_used():
    assert titles(ENTRIES, "save") == ["Save run", "Save run as…"]
    assert titles(ENTRIES, "save", ["Save run as…"]) == ["Save run as…", "Save run"]


def test_words_of_the_group_and_the_detail_match_behind_those_of_titles():
    assert titles(ENTRIES, "preset deep") == ["Deep LSTM"]
    assert titles(ENTRIES, "handbook") == ["Names"]
    assert titles(ENTRIES, "128 lstm") == ["Deep LSTM"]
    assert titles(ENTRIES, "deep xyz") == []


def test_words_match_in_any_order_and_a_plural_matches_a_singular():
    for query in ("save run as", "as run save", "run as save"):
        assert titles(ENTRIES, query) == ["Save run as…"]
    assert titles(ENTRIES, "presets") == ["Deep LSTM"]
    assert titles(ENTRIES, "lstm deeps") == ["Deep LSTM"]


def test_what_cannot_be_chosen_now_stands_behind_what_can():
    entries = [
        entry("Race further", reason="There is no race that is over"),
        entry("Open race folder…"),
        entry("Undo", reason="There is no change to undo"),
        entry("Undoing", "Handbook"),
    ]
    assert titles(entries, "race") == ["Open race folder…", "Race further"]
    assert titles(entries, "undo")[0] == "Undo", "it was meant, and says why it cannot be done"


def test_what_can_be_done_stands_before_what_is_only_read():
    entries = [
        entry("Open with options", "Handbook", is_reading=True),
        entry("Open with options…", "File"),
        entry("Wide options", "View"),
    ]
    assert titles(entries, "options open") == ["Open with options…", "Open with options"]
    assert titles(entries, "options")[-1] == "Open with options"
    assert titles(entries, "handbook options") == ["Open with options"]
    assert titles(entries, "open with options", ["Open with options"])[0] == "Open with options…"

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.documents import (
    BLANK_LINES,
    TUNES,
    cut,
    given_separator,
    recognised_separator,
)
from engine.data.training_data import CorpusError
from engine.data.vocabulary import DOCUMENT_END

RECIPES = "Soup\n- 2 roots\n<|end|>\nStew\n- 1 root\n<|end|>\n"
TUNE = "X:{}\nT:Lesson\nM:6/8\nK:G\nGAB c2d|edc BAG|\n\n"
RECORDS = "".join(f"Title: No. {n}\nBoil it.\n\n" for n in range(4))
VERSE = "Shall I compare\nthee to a day?\n\nThou art more\nlovely.\n\nRough winds\nshake.\n"
PLAY = "First Citizen:\nSpeak.\n\nAll:\nSpeak, speak.\n\nMenenius:\nWhat work?\n\nAll:\nNone.\n"


def documents_of(text, separator, size=7):
    pieces = [text[begin : begin + size] for begin in range(0, len(text), size)]
    whole = "".join(cut(pieces, separator, "text.txt"))
    assert whole.endswith(DOCUMENT_END)
    return whole.split(DOCUMENT_END)[:-1]


def test_an_end_mark_on_lines_of_its_own_is_recognised():
    separator = recognised_separator(RECIPES, "recipes.txt")
    assert separator.document_break == "\n<|end|>\n"
    assert documents_of(RECIPES, separator) == ["Soup\n- 2 roots", "Stew\n- 1 root"]


@pytest.mark.parametrize("mark", ["<|endoftext|>", "<|END|>"])
def test_other_spellings_of_the_end_mark_are_recognised(mark):
    separator = recognised_separator(RECIPES.replace("<|end|>", mark), "recipes.txt")
    assert separator.document_break == f"\n{mark}\n"


def test_end_marks_within_lines_are_recognised_if_there_are_several():
    text = "one two\nthree<|endoftext|>four<|endoftext|>"
    separator = recognised_separator(text, "text.txt")
    assert separator.document_break == "<|endoftext|>"
    assert documents_of(text, separator) == ["one two\nthree", "four"]
    assert recognised_separator("GPT-2 ends a text with <|endoftext|>, so\n", "a.txt") is None


def test_tunes_are_recognised_by_their_fields_or_by_the_name_of_the_file():
    tunes = "".join(map(TUNE.format, range(3)))
    assert recognised_separator(tunes, "tunes.txt") is TUNES
    bare = "X:1\nGAB|\nX:2\ncde|\n"
    assert recognised_separator(bare, "tunes.txt") is None
    assert recognised_separator(bare, "tunes.ABC") is TUNES
    assert recognised_separator("X:1\nK:G\nA|\n", "tune.txt") is TUNES
    example = "A tune has fields.\n" * 9 + "X:1\nK:G\nA|\n"
    assert recognised_separator(example, "notation.md") is None
    assert recognised_separator("T:No number\nK:G\nA|\n", "tune.abc") is None


def test_what_precedes_the_first_tune_is_none_and_blank_lines_in_a_tune_stay():
    text = "%abc-2.1\n% my tunes\n\n" + "X:1\nK:G\nGAB|\n\nc2d|\n\n\nX: 2\nK:D\nA|\n"
    assert documents_of(text, TUNES) == ["X:1\nK:G\nGAB|\n\nc2d|", "X: 2\nK:D\nA|"]


def test_blank_lines_separate_where_everything_begins_with_the_same_field():
    assert recognised_separator(RECORDS, "records.txt") is BLANK_LINES
    assert documents_of(RECORDS, BLANK_LINES)[3] == "Title: No. 3\nBoil it."


@pytest.mark.parametrize(
    "text",
    [VERSE, PLAY, "a\n\nb\n\nc\n", "a: 1\n\na: 2\n\na: 3\n", "", "\n\n\n",
     "one <|end|> in a line\n<|end|>\n"],
)  # fmt: skip
def test_anything_else_stays_a_running_text(text):
    assert recognised_separator(text, "text.txt") is None


SAYINGS = [
    "A fool and his money\nare soon parted.",
    "Time flies like an arrow.\nFruit flies like a banana.\n\n    -- after Groucho Marx",
    "All is well that ends well, or so they say.",
    "The early bird gets the worm,\nbut the second mouse gets the cheese.",
]


@pytest.mark.parametrize("line", ["---", "***", "===", "%", "* * *", "-" * 40, "_____", "%%"])
@pytest.mark.parametrize("around", ["\n{}\n", "\n\n{}\n\n", "\n  {}  \n"])
def test_lines_of_signs_separate_documents_where_they_stand_regularly(line, around):
    text = around.format(line).join(SAYINGS) + "\n"
    separator = recognised_separator(text, "sayings.txt")
    assert separator.title == f"documents, separated by “{line}”"
    assert separator.document_break == f"\n{line}\n"
    assert documents_of(text, separator) == SAYINGS
    given = given_separator(line, text)
    assert documents_of(text, given) == SAYINGS, "the same as if a person says so"


def test_lines_of_signs_may_differ_in_length_and_stand_at_both_ends():
    lines = ["---\n", "\n----\n", "\n-----\n", "\n----\n", "\n---\n"]
    text = "".join(a + b for a, b in zip(lines, [*SAYINGS, ""], strict=True))
    assert documents_of(text, recognised_separator(text, "a.txt")) == SAYINGS


FRONT = "---\ntitle: A day\nauthor: Mei\n---\n\n"
HEADED = "".join(f"Heading {n}\n---\n\n{SAYINGS[0]}\n\nMore of it.\n\n" for n in range(9))
LATEX = "%\n% Section {}\n%\nSome words that are set in type.\n\n"
SCENES = "\n\n* * *\n\n".join(["He went on and on.\n\n" * 200] * 5)
NAMES = "Anna\nBob Lee\nClara\nDora\nEmil\nFina\n---\n" * 4


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join([*SAYINGS, "---", *SAYINGS]),
        FRONT + "\n\n".join(SAYINGS),
        FRONT + "\n\n".join([*SAYINGS, "---", *SAYINGS]),
        HEADED,
        HEADED.replace("---", "==="),
        "".join(map(LATEX.format, range(9))),
        SCENES,
        "\n---\n".join(["A word", "\n".join(SAYINGS * 9), "Another"]),
        NAMES,
        "Anna\n---\nBob\n---\nClara\n---\nDora\n",
    ],
    ids=[
        *("one", "front matter", "front and one", "headings", "more headings", "comments"),
        *("scenes", "one long", "groups of names", "names"),
    ],
)
def test_a_line_of_signs_now_and_then_separates_nothing(text):
    assert recognised_separator(text, "a.txt") is None


@pytest.mark.parametrize(
    ("given", "document_break", "expected"),
    [
        ("---", "\n---\n", ["a--- b", "c"]),
        ("--- b", "--- b", ["a", "---\nc\n---"]),
        (r"\n---\n", "\n---\n", ["a--- b", "c"]),
        (r"\n\n", "\n\n", ["a--- b\n---\nc\n---"]),
    ],
)
def test_a_given_separator_stands_on_lines_of_its_own_or_anywhere(given, document_break, expected):
    text = "a--- b\n---\nc\n---\n\n"
    separator = given_separator(given, text)
    assert separator.document_break == document_break
    assert documents_of(text, separator) == expected


@pytest.mark.parametrize(
    ("given", "missing"), [("===", "no “===”"), (r"\n\n", "no blank line"), (".*", "no “.*”")]
)
def test_a_separator_that_never_occurs_is_refused_in_a_sentence(given, missing):
    with pytest.raises(CorpusError) as caught:
        documents_of("a---\nb", given_separator(given, "a---\nb"))
    assert str(caught.value) == (
        f"“text.txt” has {missing}, so it cannot be taken apart into documents. "
        "Choose another separator, or read it as running text."
    )


@given(
    st.lists(st.text("ab \n-", max_size=20), max_size=6),
    st.sampled_from(["<|end|>", "--", r"\n\n"]),
    st.integers(1, 30),
)
def test_documents_are_the_same_however_the_text_is_divided(blocks, given, size):
    mark = given.replace(r"\n", "\n")
    text = f"x\n{mark}\n" + f"\n{mark}\n".join(blocks)
    separator = given_separator(given, text)
    found = documents_of(text, separator, size)
    assert found == documents_of(text, separator, len(text))
    for document in found:
        assert document.strip()
        assert separator.pattern.search(document) is None
    kept = re.sub(r"\s|<\|end\|>|-", "", text)
    assert re.sub(r"\s|-", "", "".join(found)) == kept


def test_cutting_documents_joined_by_their_break_gives_them_again():
    for separator, documents in (
        (given_separator("<|end|>", RECIPES), ["Soup\n- 2", "  Stew"]),
        (BLANK_LINES, ["Soup\n- 2", "  Stew"]),
        (TUNES, ["X:1\nK:G\nA|", "X:2\nK:G\nA|"]),
    ):
        joined = separator.document_break.join(documents)
        assert documents_of(joined, separator) == documents


def test_the_symbol_that_ends_documents_is_dropped_from_them():
    assert documents_of(f"a{DOCUMENT_END}b\n\nc", BLANK_LINES) == ["ab", "c"]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("cases/20-abc-tunes.txt", 24),
        ("cases/22-recipes-with-separator.txt", 24),
        ("data/abc/jigs.abc", 340),
        ("data/abc/waltzes.abc", 52),
    ],
)
def test_files_as_people_have_them_are_documents(shared_file, name, count):
    path = shared_file(name)
    text = path.read_text(encoding="utf-8")
    separator = recognised_separator(text[: 1 << 16], path.name)
    found = documents_of(text, separator, 1 << 12)
    assert len(found) == count
    assert all(each.startswith("X:") for each in found) == ("abc" in name)
    assert not any("<|end|>" in each for each in found)


@pytest.mark.parametrize(
    "name",
    ["data/shakespeare.txt", "data/tinyshakespeare.txt", "data/dinos.txt", "data/names.txt",
     "cases/28-with-comments.txt", "cases/43-hash-comments-blocks.txt"],
)  # fmt: skip
def test_running_text_and_names_are_no_documents(shared_file, name):
    path = shared_file(name)
    text = path.read_text(encoding="utf-8")
    assert recognised_separator(text[: 1 << 16], path.name) is None

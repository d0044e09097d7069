import pytest

from engine.data.reading.layout import Head
from engine.data.reading.list_marks import list_with_marks, names_per_line

NAMES = ["Rex", "Mei", "Allo", "Yi qi"]


def found(text):
    entries = list_with_marks(text.split("\n"))
    return [name.strip() for name in entries.names if name.strip()], entries


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("{}. ", "numbered"),
        ("{}) ", "numbered"),
        (" {}.\t", "numbered"),
        ("- ", "bulleted"),
        ("* ", "bulleted"),
        ("• ", "bulleted"),
        ("- [ ] ", "bulleted"),
        ("- [x] ", "bulleted"),
    ],
)
def test_numbers_and_bullets_are_taken_away(mark, kind):
    lines = [mark.format(number) + name for number, name in enumerate(NAMES, start=1)]
    names, entries = found("\n".join(lines))
    assert names == NAMES
    assert entries.taken_for == f"a {kind} list"
    assert entries.options == ("layout",)


@pytest.mark.parametrize("wrapped", ["**{}**", "_{}_", "`{}`", "[{}](x.html)", "**[{}](a)**"])
def test_emphasis_and_links_around_the_names_of_a_marked_list_are_taken_away(wrapped):
    names, _ = found("".join(f"{i}. {wrapped.format(n)}\n" for i, n in enumerate(NAMES, 1)))
    assert names == NAMES
    kept = ["**Rex** the first", "a*b*", "_x", "[Mei] (2)"]
    assert found("".join(f"- {name}\n" for name in kept))[0] == kept


@pytest.mark.parametrize("quotes", ['""', "''", "“”", "«»", "„“"])
@pytest.mark.parametrize("mark", ["", "- "])
def test_quotation_marks_around_nearly_all_names_are_taken_away(mark, quotes):
    names, entries = found("".join(f"{mark}{quotes[0]}{n}{quotes[1]}\n" for n in NAMES))
    assert names == NAMES
    assert "The quotation marks around the names are dropped." in entries.details
    assert found('Rex\n"Mei"\nAllo\n')[0] == ["Rex", '"Mei"', "Allo"]


def test_headings_and_other_lines_of_a_marked_list_are_dropped_and_said():
    lines = ["# Dinosaurs", "", *(f"- {name}" for name in NAMES * 5), "", "That is all"]
    names, entries = found("\n".join(lines))
    assert names == NAMES * 5
    assert entries.dropped == (("comment", 1), ("line without a mark", 1))


@pytest.mark.parametrize(
    "text",
    [
        "Rex\nMei\n- Allo\n",
        "-minus\n-plus\n-times\n",
        "1.Rex\n2.Mei\n3.Allo\n",
        "1. Rex\n2. Mei\n",
        "3 Doors\n10 Years\n21 Pilots\n",
        "#love\n#peace\n#joy\n",
        "C#\nF#\nRex # one\n",
    ],
)
def test_marks_that_belong_to_the_names_stay(text):
    names, entries = found(text)
    assert names == text.split()[: len(names)] or "\n".join(names) == text.strip()
    assert not entries.taken_for
    assert not entries.dropped


def test_comments_are_dropped():
    text = "# a list\n#! by hand\n\nRex  # no. 1\nMei\n#Allo\nYi\nTops\n\n## end\n"
    names, entries = found(text)
    assert names == ["Rex", "Mei", "Yi", "Tops"]
    assert entries.dropped == (("comment", 4),)
    assert entries.taken_for == "a list with comments"


def test_what_begins_with_a_sign_stays_if_the_file_does_not_begin_with_a_comment():
    names, _ = found("Rex\nMei\nAllo\n# old\n#Tops\nYi\n")
    assert names == ["Rex", "Mei", "Allo", "#Tops", "Yi"]


@pytest.mark.parametrize("separator", [",", ";", "|"])
def test_several_names_on_a_line(separator):
    joined = f"{separator} ".join(NAMES)
    assert names_per_line(Head(joined, "list", is_whole=True)) == separator
    wrapped = f"{joined}{separator}\n" * 3 + f"Tops{separator} Ava"
    assert names_per_line(Head(wrapped, "list", is_whole=True)) == separator


def test_a_long_line_of_names_may_be_cut():
    joined = ", ".join(NAMES * 9)
    assert names_per_line(Head(joined[:-3], "list", is_whole=False)) == ","


@pytest.mark.parametrize(
    "text",
    [
        "Rex\nMei\n",
        "Rex, Mei\n",
        "Linz, Austria\nRio, Brazil\nBonn, Germany\n",
        "I came, I saw the whole of it, I conquered all of them, and then I went home again.\n",
        "",
    ],
)
def test_commas_that_separate_no_names(text):
    assert names_per_line(Head(text, "list", is_whole=True)) is None


def test_lines_of_signs_are_no_names():
    names = [*("Anna", "---", "Bob", "Clara"), *("* * *", "Dora")]
    entries = list_with_marks(names)
    assert list(entries.names) == ["Anna", "Bob", "Clara", "Dora"]
    assert entries.dropped == (("line of signs", 2),)
    assert list(list_with_marks(["Anna", "---", "***"]).names) == ["Anna", "---", "***"]
    others = ["=sum", "--", "-minus", "…"]
    assert list_with_marks(others).names is others

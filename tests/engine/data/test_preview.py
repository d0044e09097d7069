import codecs
import json

import pytest

from engine.data.preview import preview
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.encodings import EncodingError
from engine.data.training_data import CorpusError

NAMES = [f"name{a}{b}{c}" for a in "abcdefgh" for b in "stuvw" for c in "xyz"]
VERSE = "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"


def test_a_small_file_is_previewed_as_it_is_read(write):
    path = write("\n".join(name.title() for name in NAMES) + "\nNamex Ñ\n")
    shown, corpus = preview(path), read_data(path)
    assert shown.kind == corpus.kind == "names"
    assert (shown.count, shown.distinct) == (len(corpus.names), len(corpus.distinct))
    assert shown.is_exact
    assert list(shown.symbols) == list(corpus.vocabulary.symbols[1:])
    assert shown.before_after[0] == ("Nameasx", "nameasx")
    assert shown.report == corpus.report
    assert not shown.has_questions
    assert not shown.warnings


def test_the_stray_sign_is_among_the_rarest_with_its_name(write):
    shown = preview(write("\n".join([*NAMES, "na§me"])))
    assert shown.rarest[0].symbol == "§"
    assert shown.rarest[0].count == 1
    assert shown.rarest[0].examples == ("na§me",)


def test_a_table_shows_its_rows_and_what_it_asks(write):
    rows = "".join(f"{name},North{name[::-1]},{len(name)}\n" for name in NAMES)
    shown = preview(write(rows))
    assert shown.table.rows[0] == ("nameasx", "Northxsaeman", "7")
    assert shown.table.counts == (3,)
    assert shown.questions == ("Which column has the names?",)
    assert shown.has_questions
    chosen = preview(write(rows), ReadingChoices(column=2, lower_case=False))
    assert chosen.names[0] == "Northxsaeman"
    assert chosen.report.choices.column == 2
    assert not chosen.has_questions


def test_a_text_is_previewed(write):
    shown = preview(write(VERSE * 3))
    assert shown.kind == "text"
    assert shown.beginning == VERSE * 3
    assert shown.count == len(VERSE) * 3
    assert shown.rarest[0].examples[0]


def test_what_separates_documents_is_no_symbol_of_theirs(write):
    path = write("".join(f"a soup of name{a}\nstir it\n<|end|>\n" for a in "abcdef"))
    shown, text = preview(path), read_data(path)
    assert shown.symbols == text.vocabulary.symbols[1:]
    assert not {"<", "|", ">"} & set(shown.symbols)
    assert "<|end|>" in shown.beginning


@pytest.mark.parametrize(
    ("stray", "shown"), [("§", "…more thou § and "), ("\t", "…more thou ⇥ and ")]
)
def test_a_rare_symbol_of_a_text_is_shown_with_little_before_it(write, stray, shown):
    found = preview(write(f"{VERSE * 3}more\nthou {stray} and {VERSE * 3}")).rarest[0]
    assert (found.symbol, found.count) == (stray, 1)
    assert found.examples[0].startswith(shown)
    first = preview(write(f"{stray}{VERSE * 3}")).rarest[0]
    assert first.examples[0].startswith(shown[11])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("name", ["list.txt", "list.csv", "list.json", "text.txt"])
def test_of_a_long_file_the_beginning_is_looked_at(write, name, encoding):
    names = [f"{name}{number}" for number in range(600) for name in NAMES]
    content = {
        "list.txt": "\n".join(names),
        "list.csv": "name,n\n" + "".join(f"{each},1\n" for each in names),
        "list.json": json.dumps(names),
        "text.txt": VERSE * 10_000,
    }[name]
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
    path = write(mark + content.encode(encoding), name)
    shown = preview(path)
    assert not shown.is_exact
    whole = read_data(path)
    exact = len(whole) if whole.kind == "text" else len(whole.names)
    assert shown.count == pytest.approx(exact, rel=0.25)
    assert shown.report.layout == whole.report.layout
    assert shown.report.encoding == whole.report.encoding == encoding


def test_only_the_beginning_is_read(tmp_path):
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.write("\n".join(NAMES).encode() * 200)
        file.seek(400_000_000)
        file.write(b"\xff")  # no longer text
    assert preview(path).count > 1_000_000
    with pytest.raises(CorpusError):
        read_data(path)


def test_what_will_not_learn_well_is_said(write):
    assert "only 3 different names" in preview(write("rex\nmei\nyi\n")).warnings[0]
    digits = "\n".join(f"{number}ab" for number in range(100_000, 100_100))
    assert any("digits" in warning for warning in preview(write(digits)).warnings)
    single = preview(write("\n".join("a" * length for length in range(1, 20))))
    assert any("only one symbol" in warning for warning in single.warnings)


def test_refusals_are_those_of_reading(write, tmp_path):
    with pytest.raises(EncodingError) as caught:
        preview(write("Zoë\nÅsne\n".encode("cp1252")))
    assert caught.value.fitting[0].name == "cp1252"
    with pytest.raises(CorpusError, match="There is no file"):
        preview(tmp_path / "none.txt")
    with pytest.raises(CorpusError, match="none of words"):
        preview(write("1,2\n3,4\n", "numbers.csv"))


def test_all_kinds_of_long_files_are_previewed(tmp_path):
    for kind in range(30):
        names = "".join(f"{name}{chr(97 + kind % 26)}\n" for name in NAMES * 30)
        (tmp_path / f"k{kind:02}.txt").write_text(names)
    choices = ReadingChoices(kinds=True, kind_titles=(("k03", "three"), ("k04", "")))
    shown = preview(tmp_path, choices)
    assert [each.title for each in shown.report.kinds] == [f"k{kind:02}" for kind in range(30)]
    assert [each.wanted for each in shown.report.kinds][2:6] == ["k02", "three", "", "k05"]
    assert shown.is_exact
    assert not shown.warnings
    for path in tmp_path.iterdir():
        path.write_text(path.read_text() * 4)
    shown = preview(tmp_path, choices)
    assert len(shown.report.kinds) == 30
    assert not shown.is_exact
    assert shown.report.choices == choices
    rows = "name,type\n" + "".join(f"{name}{i},t{i % 50}\n" for i in range(300) for name in NAMES)
    path = tmp_path / "table.csv"
    path.write_text(rows)
    assert len(preview(path, ReadingChoices(kind_column=2)).report.kinds) == 50


def test_kinds_that_cannot_be_trained_on_are_previewed_with_the_reason(write):
    table = "name,type\n" + "".join(f"{name},t\n" for name in NAMES)
    shown = preview(write(table), ReadingChoices(kind_column=2))
    assert "only one kind of names, “t”" in shown.warnings[0]
    assert preview(write(table)).warnings == ()


def test_the_kind_of_all_parts_can_be_given(write):
    path = write("\n".join(NAMES))
    assert preview(path).kind == "names"
    assert preview(path, kind="text").kind == "text"

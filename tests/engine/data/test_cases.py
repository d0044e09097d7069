"""Files as people have them, each with what is right."""

import pytest

from engine.data.preview import preview
from engine.data.reader import read_data
from engine.data.reading.casing import title_case
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.encodings import EncodingError
from engine.data.vocabulary import DOCUMENT_END, END

INNS = (
    "brindle corvan delmar esterhold farrow galdine hestrel ivorn jastor kelwyn lomar mirelle "
    "norvane osterly pellan quorin rastel sorvane tamblin ulverstone vandric westrel yarrow zelmar"
)


@pytest.mark.parametrize(
    ("name", "taken_for"),
    [
        ("03-utf16.txt", "a list with one name per line"),
        ("05-bom-in-the-middle.txt", "a list with one name per line"),
        ("09-csv-header-quotes.csv", "a table of 3 columns"),
        ("10-ssa-like.csv", "a table of 3 columns"),
        ("11-tab-separated.tsv", "a table of 2 columns"),
        ("28-with-comments.txt", "a list with comments"),
        ("29-nel-ls-vt-ff.txt", "a list with one name per line"),
        ("35-bad-token-line.csv", "a table of 2 columns"),
        ("40-json-array.json", "an array of strings in JSON"),
        ("41-numbered-list.md", "a numbered list"),
        ("42-comma-on-one-line.txt", "a list with several names per line"),
        ("43-hash-comments-blocks.txt", "a list with comments"),
    ],
)
def test_the_names_of_the_inns_are_read_without_their_markup(shared_file, name, taken_for):
    corpus = read_data(shared_file(f"cases/{name}"))
    assert list(corpus.names) == INNS.split()
    assert len(corpus.vocabulary) == 26
    assert corpus.report.taken_for == taken_for
    assert f"“{name}” is read as {taken_for}" in corpus.report.sentence()
    assert not corpus.report.questions


ALL = """
    03-utf16.txt 05-bom-in-the-middle.txt 09-csv-header-quotes.csv 10-ssa-like.csv
    11-tab-separated.tsv 12-turkish.txt 16-hindi.txt 20-abc-tunes.txt 22-recipes-with-separator.txt
    28-with-comments.txt 29-nel-ls-vt-ff.txt 35-bad-token-line.csv 39-western-accents.txt
    40-json-array.json 41-numbered-list.md 42-comma-on-one-line.txt 43-hash-comments-blocks.txt
    44-rtl-marks.txt 50-odd-capitals.txt 51-formula-like-names.txt
"""


@pytest.mark.parametrize("name", ALL.split())
def test_each_is_previewed_as_it_is_read(shared_file, name):
    path = shared_file(f"cases/{name}")
    shown, data = preview(path), read_data(path)
    assert shown.kind == data.kind
    assert shown.report == data.report
    assert shown.is_exact
    assert shown.count == len(data.names if data.kind == "names" else data)
    end = END if data.kind == "names" else DOCUMENT_END
    assert {*shown.symbols} == {*data.vocabulary.symbols} - {end}


def test_two_lists_in_a_folder_are_one(shared_file):
    lists = [shared_file(f"cases/two-lists/{name}.txt") for name in ("elvish", "nordic")]
    corpus = read_data(lists[0].parent)
    names = [name for path in lists for name in path.read_text(encoding="utf-8").split()]
    assert list(corpus.names) == names


def test_the_sentence_says_that_counts_can_be_weights_and_how(shared_file):
    report = read_data(shared_file("cases/10-ssa-like.csv")).report
    assert "The whole numbers of column 3 can be weights." in report.sentence()
    assert ", --weights 3 or " in report.sentence()
    assert "The whole numbers of column 3 can be weights." in report.lines()
    chosen = read_data(shared_file("cases/10-ssa-like.csv"), ReadingChoices(weights=3)).report
    assert "can be weights" not in chosen.sentence()
    assert ", --weights or " in chosen.sentence()


def test_counts_can_be_weights(shared_file):
    corpus = read_data(shared_file("cases/10-ssa-like.csv"), ReadingChoices(weights=3))
    assert corpus.weights[:4] == (9000, 4500, 3000, 2250)
    assert len(corpus.weights) == len(corpus.distinct) == 24
    capped = ReadingChoices(weights=3, weight_cap=3000)
    assert read_data(shared_file("cases/10-ssa-like.csv"), capped).weights[:3] == (3000,) * 3


@pytest.mark.parametrize(
    ("name", "kind", "first"),
    [
        ("01-cp1252-quote.txt", "text", "the owl’s nest lay high—above"),
        ("02-latin1-names.txt", "names", "Zoë\nJürgen\nÅsne\nPère\nNúria"),
    ],
)
def test_western_european_encodings_are_offered_first(shared_file, name, kind, first):
    path = shared_file(f"cases/{name}")
    with pytest.raises(EncodingError) as caught:
        read_data(path)
    assert caught.value.fitting[0].name == "cp1252"
    data = read_data(path, ReadingChoices(encoding="cp1252", lower_case=False))
    assert data.kind == kind
    content = "\n".join(data.names) if kind == "names" else data.decode(data.symbols)
    assert content.startswith(first)


def test_marks_of_direction_are_dropped_and_counted(shared_file):
    corpus = read_data(shared_file("cases/44-rtl-marks.txt"))
    assert len(corpus.vocabulary) == 14
    assert dict(corpus.report.characters) == {"direction": 12}


def test_a_byte_order_mark_in_the_middle_is_dropped_and_counted(shared_file):
    report = read_data(shared_file("cases/05-bom-in-the-middle.txt")).report
    assert dict(report.characters) == {"byte order mark": 1}


def test_turkish_names_have_no_stray_dots(shared_file):
    corpus = read_data(shared_file("cases/12-turkish.txt"))
    assert corpus.names[0] == "ipek"
    assert "\u0307" not in corpus.vocabulary.symbols


def test_odd_capitals_are_shown_as_capitals_and_learned_as_they_are(shared_file):
    corpus = read_data(shared_file("cases/50-odd-capitals.txt"))
    assert corpus.names[:5] == ("ßara", "ßilo", "ǆumbo", "ŉamo", "ﬁnch")
    assert [title_case(name) for name in corpus.names[:5]] == [
        "Ssara",
        "Ssilo",
        "ǅumbo",
        "ʼNamo",
        "Finch",
    ]
    assert set(corpus.report.compatibility) == {"ŉ", "ǆ", "ﬁ"}


@pytest.mark.parametrize("name", ["16-hindi.txt", "39-western-accents.txt"])
def test_names_of_other_scripts_stay_as_they_are(shared_file, name):
    path = shared_file(f"cases/{name}")
    assert list(read_data(path).names) == path.read_text(encoding="utf-8").splitlines()


def test_names_that_look_like_formulas_are_names(shared_file):
    corpus = read_data(shared_file("cases/51-formula-like-names.txt"))
    assert corpus.names == ("=sum", "+plus", "-minus", "@at", "a,b", '"q"', "=sum2")


@pytest.mark.parametrize("name", ["dinos.txt", "names.txt", "shakespeare.txt"])
def test_plain_files_are_plain(shared_file, name):
    assert read_data(shared_file(f"data/{name}")).report.is_plain

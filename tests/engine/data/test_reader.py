import re
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cli.main import main
from engine.data.preview import preview
from engine.data.reader import kind_of, read_data, read_names
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.layout import Entries
from engine.data.reading.registry import LAYOUTS
from engine.data.sources.data_source import SourcePart
from engine.data.training_data import DATA_KINDS, CorpusError
from engine.data.vocabulary import DOCUMENT_END
from engine.runs.saved_network import load_network

SENTENCE = re.compile(r"^[“A-Z].+\.$", re.DOTALL)
VERSE = "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("rex\nallo\n", "names"),
        ("New York City\nBad Homburg\nRio de Janeiro\n" * 5, "names"),
        ("龙\n恐龙\n", "names"),
        ("", "names"),
        (VERSE, "text"),
        ("one long line of prose and nothing but it " * 9, "text"),
        ("word " * 90_000, "text"),
    ],
)
def test_names_and_text_are_told_apart(write, content, kind):
    assert kind_of(write(content)) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dinos.txt", "names"),
        ("names.txt", "names"),
        ("dinosaurs-cc0.json", "names"),
        ("shakespeare.txt", "text"),
        ("tinyshakespeare.txt", "text"),
        ("README.md", "text"),
    ],
)
def test_real_files_are_told_apart(shared_file, name, kind):
    assert kind_of(shared_file(f"data/{name}")) == kind


def test_our_own_dinosaurs_are_names(root):
    assert kind_of(root / "resources/names/dinosaurs.txt") == "names"


def test_a_binary_file_is_neither(write):
    with pytest.raises(CorpusError, match="is not a text file") as caught:
        kind_of(write(b"\x7fELF\r\n\0\0"))
    assert SENTENCE.match(str(caught.value))


# A layout from outside of the package.


class SemicolonNames:
    """Names separated by semicolons."""

    name = "semicolons"
    title = "Names separated by semicolons"
    kind = "names"
    suffixes = (".semi",)

    def recognises(self, head):
        return head.text.count(";") > 1

    def entries(self, text, choices, on_progress):
        return Entries(text.split(";"), taken_for="names with semicolons")


@pytest.fixture
def semicolons(monkeypatch):
    """Register the layout for one test."""
    chosen = SemicolonNames()
    monkeypatch.setitem(LAYOUTS, chosen.name, chosen)
    return chosen


@pytest.mark.parametrize("kind", [None, "names"])
def test_the_last_layout_that_recognises_a_file_reads_it(write, semicolons, kind):
    assert read_data(write("rex;mei;allo"), kind=kind).report.layout == "semicolons"
    assert read_data(write("rex\nmei\n"), kind=kind).report.layout == "names"
    assert read_data(write("rex;mei;allo" * 9), kind="text").report.layout == "text"


def test_a_file_is_read_in_the_layout_that_it_has(write, semicolons):
    corpus = read_names(write("Rex;Mei;Allo"))
    assert corpus.names == ("rex", "mei", "allo")
    assert corpus.kind == semicolons.kind
    cased = ReadingChoices(lower_case=False)
    assert read_data(write("Rex;;"), cased, kind="names", for_training=False).names == ("Rex",)
    with pytest.raises(CorpusError, match="Training needs at least two"):
        read_data(write("Rex;;"), cased, kind="names")


def test_the_command_line_takes_another_layout(write, semicolons, tmp_path, capsys):
    path, model = write("Rex;Mei;Allo", "names.semi"), tmp_path / "model.npz"
    assert main(["train", str(path), "--steps", "3", "--hidden", "4", "--save", str(model)]) == 0
    assert load_network(model).vocabulary.symbols == ("\n", *"aeilmorx")
    assert main(["resume", str(model), "--data", str(path), "--steps", "1"]) == 0
    assert main(["evaluate", str(model), str(path)]) == 0
    assert main(["sample", str(model), "--names", str(path), "--only-new", "--count", "1"]) == 0
    assert "names.semi: 3 names" in capsys.readouterr().err


def test_layouts_say_what_they_are(semicolons):
    for name, each in LAYOUTS.items():
        assert each.name == name
        assert each.title
        assert each.kind in DATA_KINDS
        assert all(suffix.startswith(".") for suffix in each.suffixes)


# Choices.


def test_a_layout_that_is_chosen_is_taken(write):
    path = write("Rex,3\nMei,4\n", "list.csv")
    assert read_data(path).names == ("rex", "mei")
    assert read_data(path, ReadingChoices(layout="names")).names == ("rex,3", "mei,4")
    text = write(VERSE)
    assert read_data(text, ReadingChoices(layout="names")).kind == "names"
    assert read_data(write("anna\n" * 20), ReadingChoices(layout="text")).kind == "text"


def test_a_layout_that_does_not_fit_is_refused(write):
    with pytest.raises(CorpusError, match=r"“rows” is not a layout\. The layouts are text, names"):
        read_data(write("rex\nmei\n"), ReadingChoices(layout="rows"))
    with pytest.raises(CorpusError, match="The layout “text” does not give names"):
        read_data(write("rex\nmei\n"), ReadingChoices(layout="text"), kind="names")


def test_without_cleaning_every_character_stays(write):
    path = write("\u200frex\nm\xadei\xa0yi\n")
    assert read_data(path).names == ("rex", "mei yi")
    assert read_data(path, ReadingChoices(clean=False)).names == ("\u200frex", "m\xadei\xa0yi")


def test_the_report_says_what_was_chosen(write):
    choices = ReadingChoices(lower_case=False, encoding="cp1252")
    report = read_data(write("Zoë\nÅsne\n".encode("cp1252")), choices).report
    assert report.choices == choices
    assert (report.encoding, report.lower_case) == ("cp1252", False)


def test_a_file_of_two_gigabytes_is_refused(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # sparse: takes no room
    sentence = "“large.txt” has 2,000 MB. Files of up to 500 MB can be opened here."
    for read in (read_data, kind_of):
        with pytest.raises(CorpusError) as caught:
            read(path)
        assert str(caught.value) == sentence


def test_a_long_line_of_names_is_split(write):
    names = [f"name{number}x" for number in range(20_000)]
    corpus = read_data(write(", ".join(names)))
    assert list(corpus.names) == names


# Several parts.


class Parts:
    """A source of some parts that are in memory."""

    title = key = "two files"
    places = ()

    def __init__(self, **contents):
        self._contents = contents

    def parts(self):
        for name, content in self._contents.items():
            name = name.replace("_", ".")
            yield SourcePart(name, len(content), lambda content=content: iter([content]))

    def notes(self):
        return ()


def test_several_lists_become_one_each_read_in_its_own_layout():
    corpus = read_data(
        Parts(a_txt=b"Rex\nMei", b_csv=b"id,name\n1,Allo\n2,Yi\n", c_json=b'["Tops"]')
    )
    assert corpus.names == ("rex", "mei", "allo", "yi", "tops")
    assert corpus.source == "two files"
    assert "a list with one name per line and a table of 2 columns" in corpus.report.sentence()


def test_several_texts_become_one_with_a_line_end_between_them():
    verse = VERSE.removesuffix("\n").encode()
    text = read_data(Parts(a_txt=verse, b_txt=VERSE.encode()))
    assert text.decode(text.symbols) == VERSE * 2


def test_a_source_without_parts_is_refused():
    with pytest.raises(CorpusError, match="There is no text in “two files”"):
        read_data(Parts())


# Progress and cancelling.


@pytest.mark.parametrize("name", ["long.txt", "long.csv", "long.json"])
def test_progress_grows_to_one_for_every_layout(write, name):
    names = [f"name{chr(97 + number % 26)}{number:06}" for number in range(40_000)]
    content = {
        "long.txt": "\n".join(names),
        "long.csv": "name,n\n" + "".join(f"{each},1\n" for each in names),
        "long.json": "[" + ",".join(f'"{each}"' for each in names) + "]",
    }[name]
    shares = []
    corpus = read_data(write(content, name), on_progress=shares.append)
    assert len(corpus.names) == 40_000
    assert shares == sorted(shares)
    assert len(shares) > 5
    assert shares[-1] == 1.0


def test_what_the_progress_raises_stops_the_reading(write):
    path = write("name,n\n" + "rex,1\nmei,2\n" * 20_000, "long.csv")
    for limit in (0.0, 0.3, 0.7):

        def stop(share, limit=limit):
            if share >= limit:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            read_data(path, on_progress=stop)


def files_of(*texts):
    return Parts(**{f"{number}_txt": text.encode() for number, text in enumerate(texts)})


RECIPES = "".join(f"Soup {n}\n- 2 roots\n<|end|>\n" for n in range(4))


def written(text):
    return text.decode(text.symbols).split(DOCUMENT_END)[:-1]


def test_documents_are_recognised_and_said(write):
    text = read_data(write(RECIPES))
    assert written(text) == [f"Soup {n}\n- 2 roots" for n in range(4)]
    assert (text.kind, text.document_break) == ("text", "\n<|end|>\n")
    assert text.report.sentence() == (
        "“text.txt” is read as 4 documents, separated by “<|end|>”. "
        "Change this with --layout or --separator."
    )
    assert text.report.lines()[0] == "4 documents, separated by “<|end|>”, in utf-8."


def test_a_separator_makes_documents_of_any_text(write):
    path = write(VERSE + "\n" + VERSE.upper())
    assert read_data(path).document_break is None
    choices = ReadingChoices(separator="\n\n")
    assert kind_of(path, choices) == "text"
    text = read_data(path, choices)
    assert written(text) == [VERSE.rstrip(), VERSE.upper().rstrip()]
    lower = read_data(path, ReadingChoices(separator="\n\n", lower_case=True), for_training=False)
    assert written(lower) == [VERSE.lower().rstrip()] * 2
    assert read_data(path, ReadingChoices(layout="documents")).document_break == "\n\n"


@pytest.mark.parametrize("layout", ["names", "text"])
def test_documents_can_be_read_in_another_layout(write, layout):
    data = read_data(write(RECIPES), ReadingChoices(layout=layout))
    assert data.document_break is None
    assert data.report.layout == layout


def test_each_of_several_files_is_cut_or_is_one_document():
    text = read_data(files_of(RECIPES, "One file is\none document.\n\nAll of it.\n", RECIPES))
    assert written(text)[4] == "One file is\none document.\n\nAll of it."
    assert len(written(text)) == 9
    files = read_data(files_of(VERSE, VERSE + "\n" + VERSE), ReadingChoices(layout="documents"))
    assert written(files) == [VERSE.rstrip(), (VERSE + "\n" + VERSE).rstrip()]
    assert "2 documents, each a file" in files.report.sentence()


def test_most_of_several_files_decides_whether_they_are_documents():
    text = read_data(
        files_of("A description of these recipes, which is longer.\n", RECIPES), kind="text"
    )
    assert len(written(text)) == 5
    assert text.report.layout == "documents"
    assert read_data(files_of(VERSE, RECIPES[:60]), kind="text").document_break is None


def test_what_is_only_measured_may_be_one_document(write):
    path = write(VERSE)
    choices = ReadingChoices(separator="<|end|>")
    assert len(written(read_data(path, choices, for_training=False))) == 1
    with pytest.raises(CorpusError, match="has no"):
        read_data(path, choices)


def test_a_preview_shows_documents_as_they_stand_in_the_file(write):
    shown = preview(write(RECIPES))
    assert shown.report.taken_for == "4 documents, separated by “<|end|>”"
    assert shown.beginning.startswith("Soup 0\n- 2 roots\n<|end|>\nSoup 1")
    assert DOCUMENT_END not in shown.symbols
    late = write(VERSE * 4_000 + "<|end|>\n" + VERSE)
    assert preview(late, ReadingChoices(separator="<|end|>")).kind == "text"


@pytest.mark.parametrize(
    ("begin", "sentence"),
    [
        (b"%PDF-1.4\n1 0 obj\n", "is a PDF document, not a text. Save it as plain text"),
        (rb"{\rtf1\ansi Rex\par Mei\par}", "is a document in rich text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "is a document of an office program"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a picture, not a text. Choose a text file"),
        (b"\x1f\x8b\x08\0\0", "is a compressed file, not a text. Decompress it"),
        (b"7z\xbc\xaf\x27\x1c\0", "is an archive of another kind than zip"),
        (b"SQLite format 3\0", "is a database, not a text. Export a table"),
    ],
)
def test_a_file_of_a_known_format_is_refused_by_its_name(write, begin, sentence):
    path = write(begin, "list.txt")
    for look in (kind_of, preview, read_data):
        with pytest.raises(CorpusError, match=f"“list.txt” {sentence}"):
            look(path)
    write("Rex\nMei\n", "names.txt")
    assert read_data(path.parent).names == ("rex", "mei")


def test_pages_of_html_and_xml_are_texts(write):
    xml = "<names>\n" + "<name>Rex</name>\n" * 9 + "</names>\n"
    assert kind_of(write(xml, "names.xml")) == "text"
    assert kind_of(write("<3 Rex\nMei\nAllo\n", "names.txt")) == "names"


PIECES = (
    *(b"Rex", b"Mei,3", b'"', b"'", b",", b";", b"\t", b"|", b"| --- |", b"\n", b"\r", b"\0"),
    *(b"[", b"]", b"{", b"}", b'"a":', b"1. ", b"- ", b"# ", b"X:1\nK:C\n", b"<|end|>", b"sep=;\n"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", "é\u200d\ufe0f\u0301".encode(), b"9" * 400),
    *(b"MThd\0\0\0\x06\0\0", b"name,count\n", b"**", b"(", b"%PDF-", b"{\\rtf", b"\\u12"),
)
ENDINGS = ("txt", "csv", "tsv", "json", "jsonl", "md", "abc", "mid")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(ENDINGS))
def test_whatever_a_file_holds_it_is_read_or_refused_in_a_sentence(write, pieces, ending):
    path = write(b"".join(pieces), f"list.{ending}")
    refusals = []
    for look in (read_data, preview, partial(read_data, choices=ReadingChoices(weights=2))):
        try:
            look(path)
        except CorpusError as error:
            refusals.append(str(error))
    assert all(map(SENTENCE.match, refusals))


LONG = 300_000


@pytest.mark.parametrize(
    "content",
    [
        b"\xe9\n" + b"x" * LONG,  # of no encoding that is assumed
        b"# list\nRex\nMei\n" + b" " * LONG + b"x\n",
        b"X:1\n" * LONG,
        b"a|b\n" + b" " * LONG + b"-" + b" " * LONG + b"x\n",
        b"<a>\n" + b"</a" * LONG,
        b"- " + b"*" * LONG + b"\n" + b"- [" * LONG,
        b"id,name\n" + b",'a''" * LONG,
    ],
    ids=range(7),
)
def test_a_file_takes_time_in_proportion_to_its_size(write, content):
    """Patterns that look again at each place would need hours for these."""
    path = write(content, "list.txt")
    with suppress(CorpusError):
        preview(path)
    with suppress(CorpusError):
        read_data(path)

import zipfile

import pytest

from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.sources.source_of import source_of
from engine.data.training_data import CorpusError

KINDS = ReadingChoices(kinds=True)
LISTS = {
    "Irish.txt": "Bran\nDara\nNiamh\nAnna\n",
    "greek.txt": "Anna\nIo\nCy\nAnna\n",
    "Welsh.md": "Dylan\nRhys\n",
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "names"
    folder.mkdir()
    for name, text in LISTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def pairs_of(corpus):
    titles = corpus.kinds.titles
    return {
        (name, titles[kind]) for name, kind in zip(corpus.names, corpus.kinds.of_names, strict=True)
    }


WANTED = {
    *[("bran", "Irish"), ("dara", "Irish"), ("niamh", "Irish"), ("anna", "Irish")],
    *[("anna", "greek"), ("io", "greek"), ("cy", "greek"), ("dylan", "Welsh"), ("rhys", "Welsh")],
}


def test_each_file_of_a_folder_is_a_kind(folder):
    corpus = read_data(folder, KINDS)
    assert pairs_of(corpus) == WANTED
    assert corpus.kinds.titles == ("Irish", "Welsh", "greek")
    sentence = corpus.report.sentence()
    assert "Each file is a kind. There are 3 kinds: " in sentence
    assert "the smallest is “Welsh” with 2 names, the largest “Irish” with 4." in sentence
    assert "1 name has several kinds." in sentence
    assert sentence.endswith("or --kinds.")
    assert [(each.title, each.count) for each in corpus.report.kinds] == [
        *[("Irish", 4), ("Welsh", 2), ("greek", 4)]
    ]


def test_each_of_several_files_and_each_of_a_zip_archive_is_a_kind(folder, tmp_path):
    chosen = source_of([folder / "Irish.txt", folder / "greek.txt"])
    assert read_data(chosen, KINDS).kinds.titles == ("Irish", "greek")
    archive = tmp_path / "names.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in LISTS.items():
            file.writestr(f"names/{name}", text)
    assert pairs_of(read_data(archive, KINDS)) == WANTED


def test_files_are_no_kinds_by_themselves_but_offered(folder):
    corpus = read_data(folder)
    assert corpus.kinds is None
    assert corpus.report.offers == ("Is each file a kind of names?",)
    assert corpus.report.sentence().endswith(
        "Is each file a kind of names? Change this with --layout or --kinds."
    )
    assert not read_data(folder, ReadingChoices(kinds=False)).report.offers
    assert not read_data(folder / "Irish.txt").report.offers


def test_tables_have_the_kinds_of_their_column_or_of_their_files(tmp_path):
    for name, rows in (("a", "Ann,x\nBo,y\nCy,x\nDi,y\n"), ("b", "Ed,y\nFay,z\nGus,z\n")):
        (tmp_path / f"{name}.csv").write_text("name,type\n" + rows)
    assert read_data(tmp_path, KINDS).kinds.titles == ("a", "b")
    by_column = read_data(tmp_path, ReadingChoices(kind_column="type"))
    assert by_column.kinds.titles == ("x", "y", "z")
    assert read_data(tmp_path).report.offers == (
        "Are the values of column 2, “type”, kinds of names?",
    )


def test_weights_of_one_file_among_several(tmp_path):
    (tmp_path / "a.csv").write_text("name,count\nAnn,3\nBo,4\n")
    (tmp_path / "b.csv").write_text("name,count\nAnn,5\nCy,0\nDi,2\n")
    corpus = read_data(tmp_path, ReadingChoices(kinds=True, weights="count"))
    assert (corpus.distinct, corpus.weights) == (("ann", "bo", "ann", "di"), (3, 4, 5, 2))


def test_kinds_are_left_out(folder):
    choices = ReadingChoices(kinds=True, kind_titles=(("Welsh", ""), ("GREEK", "Greek")))
    corpus = read_data(folder, choices)
    assert corpus.kinds.titles == ("Irish", "Greek")
    assert "2 names of kinds that are left out" in corpus.report.sentence()
    one = ReadingChoices(kinds=True, kind_titles=(("Welsh", ""), ("Greek", "")))
    with pytest.raises(CorpusError, match="only one kind of names, “Irish”"):
        read_data(folder, one)


def test_a_text_cannot_have_kinds(tmp_path):
    for name in "ab":
        prose = "It was a long time ago, in a land far from here, that they met. " * 90
        (tmp_path / f"{name}.txt").write_text(prose)
    for choices in (ReadingChoices(kinds=True), ReadingChoices(kinds=True, layout="text")):
        with pytest.raises(CorpusError, match="only names can have kinds"):
            read_data(tmp_path, choices)
    with pytest.raises(CorpusError, match="only names can have kinds"):
        read_data(tmp_path, ReadingChoices(kinds=True), kind="text")


def test_more_files_than_a_network_can_learn_kinds(tmp_path):
    for i in range(501):
        (tmp_path / f"k{i}.txt").write_text("Anna\nBran\n")
    assert not read_data(tmp_path).report.offers
    with pytest.raises(
        CorpusError, match=r"501 kinds of names in .*; a network can learn 500 at most"
    ):
        read_data(tmp_path, KINDS)


def test_the_same_name_in_all_kinds(folder):
    for path in folder.iterdir():
        path.write_text("Anna\nBo\n")
    corpus = read_data(folder, KINDS)
    assert "2 names have several kinds." in corpus.report.sentence()
    training, held_out = corpus.split(0)
    assert (len(training), len(held_out)) == (3, 3)
    for path in folder.iterdir():
        path.write_text("Anna\n")
    with pytest.raises(CorpusError, match="There is a single name"):
        read_data(folder, KINDS)


def test_the_surnames_of_18_languages(shared_file):
    corpus = read_data(shared_file("data/names-by-language/Greek.txt").parent, KINDS)
    assert (len(corpus.kinds), len(corpus.distinct)) == (18, 18_011)
    counts = dict(zip(corpus.kinds.titles, corpus.kinds.counts, strict=True))
    assert (counts["Russian"], counts["Vietnamese"]) == (9_340, 70)
    assert "469 names have several kinds." in corpus.report.sentence()

"""Texts of one part or several, above all tunes in ABC notation."""

import pytest

from engine.data.preview import preview
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.training_data import CorpusError

TUNE = "X:{}\nT:Tune\nM:4/4\nL:1/4\nK:C\n" + "CDEF|GABc|cBAG|FEDC|\n" * 5
PROSE = "It was late, and nobody was in the street.\n" * 9


@pytest.fixture
def folder(tmp_path):
    """Return a function that writes files, and returns their folder."""

    def write(**files):
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_text(content, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize("name", ["tune_abc", "tune_txt"])
def test_one_tune_is_a_text_with_a_question(folder, name):
    path = next(folder(**{name: TUNE.format(1)}).iterdir())
    for read in (read_data, preview):
        report = read(path).report
        assert report.layout == "text"
        assert report.taken_for == "a running text, one tune in ABC notation"
        assert len(report.questions) == 1
        assert report.options == ("melodies", "layout")
        chosen = read(path, ReadingChoices(layout="text")).report
        assert not chosen.questions
    with pytest.raises(CorpusError, match="only one document"):
        read_data(path, ReadingChoices(layout="documents"))


def test_a_tune_without_a_number_is_one_by_the_name_of_its_file(folder):
    path = next(folder(tune_abc=TUNE.partition("\n")[2]).iterdir())
    report = read_data(path).report
    assert report.taken_for == "a running text, one tune in ABC notation"


def test_files_with_a_tune_each_are_documents(folder):
    text = read_data(folder(a_abc=TUNE.format(1), b_abc=TUNE.format(2) + "GGGG|\n"))
    assert len(text.documents) == 2
    assert text.report.taken_for == "2 documents, each a tune in ABC notation"
    assert len(text.report.questions) == 1


def test_one_tune_beside_a_text_is_a_part_of_a_running_text(folder):
    text = read_data(folder(a_abc=TUNE.format(1), b_txt="A note.\n"))
    assert text.report.taken_for == "a running text"
    assert text.decode(text.symbols).endswith("A note.\n")


def test_a_long_file_whose_beginning_has_one_tune_may_have_more(folder):
    long = TUNE.format(1) + "CDEF|GABc|cBAG|FEDC|\n" * 4_000
    path = next(folder(tunes_abc=long + TUNE.format(2)).iterdir())
    assert len(read_data(path).documents) == 2


def test_a_text_about_the_notation_is_no_tune(folder):
    path = next(folder(notation_md=PROSE + TUNE.format(1)).iterdir())
    report = read_data(path).report
    assert report.taken_for == "a running text"
    assert not report.questions

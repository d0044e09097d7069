import pytest

from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.kinds.kind_columns import kinds_of_cell
from engine.data.sources.pasted_source import PastedSource
from engine.data.training_data import CorpusError

TABLE = """name,language,year
Anna,Greek,1999
Bran,Irish,2001
Cy,,2003
Dara,Greek;Irish,1980
Eoin,irish ,1981
Fay,Irish | Welsh | irish,1982
Gus,Greek,1983
"""


def read(text, **choices):
    return read_data(PastedSource(text), ReadingChoices(**choices))


def kinds_of(corpus):
    titles = corpus.kinds.titles
    return [
        (name, titles[kind]) for name, kind in zip(corpus.names, corpus.kinds.of_names, strict=True)
    ]


WANTED = [
    *[("anna", "Greek"), ("bran", "Irish"), ("dara", "Greek"), ("dara", "Irish")],
    *[("eoin", "Irish"), ("fay", "Irish"), ("fay", "Welsh"), ("gus", "Greek")],
]


@pytest.mark.parametrize(
    "choices", [{"kind_column": "Language"}, {"kind_column": 2}, {"kinds": True}]
)
def test_the_kinds_are_in_a_column(choices):
    corpus = read(TABLE, **choices)
    assert kinds_of(corpus) == WANTED
    sentence = corpus.report.sentence()
    assert "The kinds are in column 2, “language”." in sentence
    assert "Several kinds in a cell are separated by “;” or “|”." in sentence
    assert "“Irish” and “irish” are one kind." in sentence
    counts = "the smallest is “Welsh” with 1 name, the largest “Irish” with 4."
    assert f"There are 3 kinds: {counts}" in sentence
    assert "The only name of “Welsh” is trained on and never held out." in sentence
    assert "2 names have several kinds." in sentence
    assert "Dropped: 1 name without a kind." in sentence
    assert sentence.endswith("--delimiter or --kind-column.")
    assert not corpus.report.offers
    assert (corpus.report.table.kinds, corpus.report.table.kind_columns) == (2, (2,))


def test_a_column_of_kinds_is_not_taken_by_itself_but_offered():
    corpus = read(TABLE)
    assert corpus.kinds is None
    assert corpus.report.offers == ("Are the values of column 2, “language”, kinds of names?",)
    assert corpus.report.offers[0] in corpus.report.sentence()
    assert corpus.report.sentence().endswith("or --kind-column 2.")
    assert not corpus.report.questions
    refused = read(TABLE, kinds=False)
    assert refused.kinds is None
    assert not refused.report.offers
    assert read(TABLE, kinds=False, kind_column=2).kinds is None


def test_columns_that_are_not_offered():
    many = "name,type\n" + "".join(f"n{i},t{i}\n" for i in range(30))
    assert not read(many).report.offers
    one = "name,type\n" + "".join(f"n{i},t\n" for i in range(30))
    assert not read(one).report.offers
    other = "name,remark\n" + "".join(f"n{i},{'ab'[i % 2]}\n" for i in range(30))
    assert not read(other).report.offers


def test_a_table_without_a_header():
    rows = "".join(f"Nam{chr(97 + i)},{'FM'[i % 2]},{i * 7}\n" for i in range(24))
    assert read(rows).report.offers == ("Are the values of column 2 kinds of names?",)
    corpus = read(rows, kind_column=2, weights=3, header=False)
    assert corpus.kinds.titles == ("M", "F")  # the name with the weight of 0 is dropped
    assert corpus.weights == tuple(i * 7 for i in range(1, 24))


def test_weights_are_of_pairs():
    table = "name,sex,count\nKim,F,5\nAnn,F,7\nKim,M,2\nkim,F,1\nBob,M,4\n"
    corpus = read(table, kind_column="sex", weights="count")
    assert corpus.distinct == ("kim", "ann", "kim", "bob")
    assert corpus.weights == (6, 7, 2, 4)
    both = read("name,sex,count\nKim,F;M,5\nAnn,F,7\nBob,M,4\n", kind_column=2, weights=3)
    assert (both.distinct, both.weights) == (("kim", "kim", "ann", "bob"), (5, 5, 7, 4))


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("clan", "There is no column “clan” for the kinds. The table has these: 1 “name”"),
        (9, "There is no column “9” for the kinds"),
        (3, "each name is the only one of its kind"),
    ],
)
def test_a_column_that_cannot_be_that_of_the_kinds(column, message):
    with pytest.raises(CorpusError) as caught:
        read(TABLE, kind_column=column)
    assert message in str(caught.value)


def test_a_table_whose_column_of_kinds_is_not_clear():
    with pytest.raises(CorpusError, match=r"no column that could .*: 2 “born”\."):
        read("name,born\nAnna,1999\nBran,2000\n", kinds=True)
    with pytest.raises(CorpusError, match=r": 1 “id”, 3 “born” and 4 “home”\."):
        read("id,name,born,home\n1,Anna,1999,Rome\n2,Bran,2000,Oslo\n", kinds=True)
    with pytest.raises(CorpusError, match="no column but that of the names"):
        read_data(PastedSource("name\nAnna\nBran\n"), ReadingChoices(kinds=True, layout="table"))
    two = "name,sex,type\n" + "".join(f"n{i}x,{'fm'[i % 2]},{'ab'[i % 2]}\n" for i in range(9))
    with pytest.raises(CorpusError, match=r"several columns .*: 2 “sex” and 3 “type”\."):
        read(two, kinds=True)
    with pytest.raises(CorpusError, match="has no column of kinds"):
        read("Anna\nBran\nCleo\n", kinds=True)


def test_a_column_of_few_values_has_the_kinds_whatever_its_header_is():
    rows = "".join(f"n{chr(97 + i)}{'xy'[i % 2]},{'xy'[i % 2]},{i}\n" for i in range(24))
    corpus = read(f"name,ending,size\n{rows}", kinds=True)
    assert corpus.kinds.titles == ("x", "y")
    assert "The kinds are in column 2, “ending”." in corpus.report.details
    assert not read(f"name,ending,size\n{rows}").report.offers, "nobody is asked"


def test_a_column_with_a_usual_header_is_taken_and_what_it_lacks_is_said():
    one = "name,kind\n" + "".join(f"n{letter},t\n" for letter in "abcdefgh")
    with pytest.raises(CorpusError, match="There is only one kind of names, “t”"):
        read(one, kinds=True)
    many = "name,kind\n" + "".join(
        f"{chr(97 + i % 26)}{chr(97 + i // 26)}{letter},t{i}\n"
        for i in range(501)
        for letter in "xy"
    )
    with pytest.raises(CorpusError, match="There are 501 kinds of names"):
        read(many, kinds=True)


def test_records_of_json():
    records = '[{"name":"Anna","clade":["A","B"]},{"name":"Bo","clade":"A"},'
    records += '{"name":"Cy","clade":"B"},{"name":"Dy","clade":null},{"name":"Ed"}]'
    for column in ("Clade", 2):
        corpus = read(records, kind_column=column)
        assert kinds_of(corpus) == [("anna", "A"), ("anna", "B"), ("bo", "A"), ("cy", "B")]
    assert "Dropped: 2 names without a kind." in corpus.report.sentence()
    assert "There are 2 kinds: each has 2 names." in corpus.report.sentence()
    plain = '[{"name":"Anna","type":"A"},{"name":"Bo","type":"B"},{"name":"Cy","type":"A"},'
    plain += '{"name":"Di","type":"B"}]'
    offers = read(plain).report.offers
    assert offers == ("Are the values of column 2, “type”, kinds of names?",)


def test_cells_that_spreadsheets_could_compute():
    corpus = read("name,type\n'=a,'=k\nb,'=k\nc,m\nd,m\n", kind_column=2)
    assert kinds_of(corpus)[0] == ("=a", "=k")


def test_the_kinds_of_a_cell():
    assert kinds_of_cell(" a ; b|a;; ") == ["a", "b"]
    assert kinds_of_cell("a, b") == ["a, b"]
    assert kinds_of_cell(" ; ") == []

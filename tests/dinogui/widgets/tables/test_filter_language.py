"""The language of the filters: words, and comparisons with columns."""

import pytest

from dinogui.widgets.tables.filter_language import FilterTerms

ROW = {"loss": 1.75, "steps": 12_000}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("GRU", True),
        ("gru lstm", False),
        ("loss<1.8", True),
        ("loss<1,7", False),
        ("steps>=12k loss=1.75", True),
        ("steps>1m", False),
        ("best<9", False),
        ("other<9", False),
    ],
)
def test_a_row_matches_all_of_the_terms(text, matches):
    terms = FilterTerms.parse(text, ("loss", "steps", "best"))
    assert terms.match(("Gru 50", "dinosaurs.txt"), ROW.get) is matches


def test_texts_of_a_column_are_compared():
    terms = FilterTerms.parse("kind=Greek data=x=y score<2 other=z", ("score",), ("kind", "data"))
    assert terms.parts == (("kind", "greek"), ("data", "x=y"))
    assert terms.bounds == (("score", "<", 2.0),)
    assert terms.words == ("other=z",)
    row = {"kind": "60 % Greek, 40 % Irish", "data": "X=Y.txt"}
    assert terms.match(["other=z"], lambda _: 1.0, row.__getitem__)
    row["kind"] = "Irish"
    assert not terms.match(["other=z"], lambda _: 1.0, row.__getitem__)

import csv
import io
import json

import pytest

from engine.cli.main import main
from engine.data.reader import read_names
from engine.evaluation.nearest import NearestName
from engine.runs.saved_network import SavedNetwork, save_network
from engine.sampling.candidates import Candidate
from engine.sampling.export import (
    COLUMNS,
    EXPORT_FORMATS,
    ExportFormat,
    candidate_rows,
    export,
    format_of_path,
)
from engine.sampling.known_names import NameStatus
from engine.sampling.scoring import NameScore

CANDIDATES = [
    Candidate(
        NameScore("rexé", (1.0, 2.0, 0.5, 0.25, 0.25)),
        NameStatus.NEW,
        NearestName("rex", 1),
        30,
        5,
        2,
        0.75,
    ),
    Candidate(NameScore('a,"b" 龙', (3.0,) * 8), None, None, 0, 0, 0, 1.0),
]


def text_of(candidates, form):
    return EXPORT_FORMATS[form].to_text(candidate_rows(candidates), COLUMNS)


def test_text_is_one_name_per_line():
    assert text_of(CANDIDATES, "txt") == 'Rexé\nA,"b" 龙\n'
    assert text_of([], "txt") == ""


def test_a_table_can_be_read_back():
    head, *rows = csv.reader(io.StringIO(text_of(CANDIDATES, "csv")))
    assert tuple(head) == COLUMNS
    assert rows == [
        ["Rexé", "new", "Rex", "1", "0.8", "30", "5", "2", "0.75"],
        ['A,"b" 龙', "", "", "", "3.0", "0", "0", "0", "1.0"],
    ]
    assert text_of([], "csv") == ",".join(COLUMNS) + "\n"


def test_json_can_be_read_back():
    first, second = json.loads(text_of(CANDIDATES, "json"))
    assert first == {
        "name": "Rexé",
        "status": "new",
        "nearest": "Rex",
        "distance": 1,
        "nats_per_character": 0.8,
        "step": 30,
        "seed": 5,
        "number": 2,
        "temperature": 0.75,
        "surprisals": [1.0, 2.0, 0.5, 0.25, 0.25],
    }
    assert (second["status"], second["nearest"], second["distance"]) == (None, None, None)
    assert "龙" in text_of(CANDIDATES, "json")
    assert json.loads(text_of([], "json")) == []


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_a_file_holds_the_text(tmp_path, form):
    path = tmp_path / f"names.{form}"
    path.write_text("older and longer " * 100, encoding="utf-8")
    export(path, CANDIDATES, form)
    assert path.read_bytes() == text_of(CANDIDATES, form).encode("utf-8")


def test_an_unwritable_place_and_an_unknown_format_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        export(tmp_path / "none" / "names.txt", CANDIDATES, "txt")
    path = tmp_path / "names.doc"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="form must be one of txt, csv, json, got 'doc'"):
        export(path, CANDIDATES, "doc")
    assert path.read_bytes() == b"old"


def test_a_format_is_known_by_its_suffix():
    assert format_of_path("a/names.csv") == format_of_path("NAMES.CSV", "json") == "csv"
    assert format_of_path("names.doc") == format_of_path("csv") == "txt"
    assert format_of_path("names.doc", "json") == "json"


def test_formats_say_what_they_are():
    for name, each in EXPORT_FORMATS.items():
        assert each.name == name
        assert each.title
        assert each.suffix.startswith(".")


# A format from outside of the package.


def to_markdown(rows, columns):
    lines = ("|".join(str(row[column]) for column in columns) for row in rows)
    return "\n".join(("|".join(columns), *lines)) + "\n"


@pytest.fixture
def markdown(monkeypatch):
    """Register a format for one test."""
    monkeypatch.setitem(
        EXPORT_FORMATS,
        "markdown",
        ExportFormat("markdown", "Table in Markdown", ".md", to_markdown),
    )


def test_another_format_writes_a_file(tmp_path, markdown):
    path = tmp_path / "names.md"
    export(path, CANDIDATES, format_of_path(path))
    header, first, _ = path.read_text(encoding="utf-8").splitlines()
    assert header == "|".join(COLUMNS)
    assert first == "Rexé|new|Rex|1|0.8|30|5|2|0.75"


def test_the_command_line_offers_another_format(tmp_path, corpus, train, capsys, markdown):
    model = tmp_path / "model.npz"
    save_network(
        model, SavedNetwork(train(3, widths=(4,)).parameters, corpus.vocabulary, 3, 0, 0.1)
    )
    path = tmp_path / "names.md"
    assert main(["sample", str(model), "--format", "markdown", "--output", str(path)]) == 0
    assert main(["sample", str(model), "--format", "markdown"]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").startswith("name|status|")
    with pytest.raises(SystemExit):
        main(["sample", "--help"])
    assert "{txt,csv,json,markdown}" in capsys.readouterr().out


# Names that a spreadsheet would take for formulas.

FORMULAS = ("=sum", "+plus", "-minus", "@at", "a,b", '"q"', "=sum2", "'=x", "'t", "x;=1")


def test_names_that_look_like_formulas_are_escaped_and_read_back_the_same(tmp_path):
    path = tmp_path / "names.csv"
    candidates = [Candidate(NameScore(name, (1.0,)), None, None, 0, 0, 0, 1.0) for name in FORMULAS]
    export(path, candidates, "csv")
    _, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    assert [row[0] for row in rows[:5]] == ["'=sum", "'+plus", "'-minus", "'@at", "A,b"]
    assert all(row[0][0] not in "=+-@" for row in rows)
    assert read_names(path).names == FORMULAS


def test_text_and_json_keep_names_that_look_like_formulas():
    candidates = [Candidate(NameScore("=sum", (1.0,)), None, None, 0, 0, 0, 1.0)]
    assert text_of(candidates, "txt") == "=sum\n"
    assert json.loads(text_of(candidates, "json"))[0]["name"] == "=sum"

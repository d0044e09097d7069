import csv
import io
import json

import pytest

from engine.evaluation.nearest import Nearest
from engine.sampling.candidates import Candidate
from engine.sampling.export import COLUMNS, FORMATS, export, to_csv, to_json, to_txt
from engine.sampling.known_names import Status
from engine.sampling.scoring import Score

PROPOSALS = [
    Candidate(
        Score("rexé", (1.0, 2.0, 0.5, 0.25, 0.25)), Status.NEW, Nearest("rex", 1), 30, 5, 2, 0.75
    ),
    Candidate(Score('a,"b" 龙', (3.0,) * 8), None, None, 0, 0, 0, 1.0),
]


def test_text_is_a_name_a_line():
    assert to_txt(PROPOSALS) == 'Rexé\nA,"b" 龙\n'
    assert to_txt([]) == ""


def test_a_table_can_be_read_back():
    head, *rows = csv.reader(io.StringIO(to_csv(PROPOSALS)))
    assert tuple(head) == COLUMNS
    assert rows == [
        ["Rexé", "new", "Rex", "1", "0.8", "30", "5", "2", "0.75"],
        ['A,"b" 龙', "", "", "", "3.0", "0", "0", "0", "1.0"],
    ]
    assert to_csv([]) == ",".join(COLUMNS) + "\n"


def test_json_can_be_read_back():
    first, second = json.loads(to_json(PROPOSALS))
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
    assert "龙" in to_json(PROPOSALS)
    assert json.loads(to_json([])) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_the_text(tmp_path, form):
    path = tmp_path / f"names.{form}"
    path.write_text("older and longer " * 100, encoding="utf-8")
    export(path, PROPOSALS, form)
    assert path.read_bytes() == FORMATS[form](PROPOSALS).encode("utf-8")


def test_a_place_that_cannot_be_written_and_a_format_that_is_none_are_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        export(tmp_path / "none" / "names.txt", PROPOSALS, "txt")
    path = tmp_path / "names.doc"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="form must be one of txt, csv, json, got 'doc'"):
        export(path, PROPOSALS, "doc")
    assert path.read_bytes() == b"old"

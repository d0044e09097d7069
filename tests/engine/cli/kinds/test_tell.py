"""The command ``tell``."""

import csv
import io
import json

import numpy as np
import pytest

from engine.nn.classifier import probabilities_of_names
from engine.runs.run_file import load_run

NAMES = ("Dinoraptor", "allosaurus", "BARAPTOR")


def expected(path, names):
    """Return the probabilities of each kind, without the command."""
    network = load_run(path).network
    names = network.vocabulary.encode_all([name.lower() for name in names])
    return network.kinds, probabilities_of_names(network.parameters, names)


def test_json_has_all_probabilities_in_the_order_of_the_names(command, teller):
    code, out, said = command("tell", teller, *NAMES, "--format", "json")
    assert code == 0, said
    kinds, probabilities = expected(teller, NAMES)
    found = json.loads(out)
    assert [list(each) for each in found] == [["name", "kind", "probabilities"]] * 3
    assert [each["name"] for each in found] == list(NAMES)
    for each, row in zip(found, probabilities, strict=True):
        assert list(each["probabilities"]) == list(kinds)
        assert list(each["probabilities"].values()) == pytest.approx(row.tolist())
        assert each["kind"] == kinds[int(np.argmax(row))]
        assert sum(each["probabilities"].values()) == pytest.approx(1)
    assert [each["kind"] for each in found] == ["Raptor", "Saurian", "Raptor"]


def test_csv_has_a_column_for_each_kind(command, teller):
    _, out, _ = command("tell", teller, *NAMES, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    kinds, probabilities = expected(teller, NAMES)
    assert list(rows[0]) == ["name", "read", "kind", "probability", *kinds]
    assert [row["name"] for row in rows] == list(NAMES)
    assert [row["read"] for row in rows] == [name.lower() for name in NAMES]
    for row, likely in zip(rows, probabilities, strict=True):
        assert float(row["probability"]) == pytest.approx(likely.max())
        assert [float(row[kind]) for kind in kinds] == pytest.approx(likely.tolist())


def test_text_has_the_likeliest_kind_first(command, teller):
    _, out, _ = command("tell", teller, *NAMES)
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == list(NAMES)
    assert [line.split()[1] for line in lines] == ["Raptor", "Saurian", "Raptor"]
    assert all("%" in line for line in lines)


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_names_of_a_file_are_told_line_by_line(command, teller, tmp_path, form):
    path = tmp_path / "names.txt"
    path.write_text("Dinoraptor\n\nallosaurus\n  \nDinoraptor\nBARAPTOR\n", encoding="utf-8")
    told = ("Dinoraptor", "allosaurus", "Dinoraptor", "BARAPTOR")
    code, out, said = command("tell", teller, "--names", path, "--format", form)
    assert code == 0, said
    assert out == command("tell", teller, *told, "--format", form)[1]


def test_a_table_of_names_is_read(command, teller, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("id,name\n1,Dinoraptor\n2,allosaurus\n", encoding="utf-8")
    _, out, _ = command("tell", teller, "--names", path, "--column", "name", "--format", "json")
    assert [each["name"] for each in json.loads(out)] == ["Dinoraptor", "allosaurus"]


@pytest.mark.parametrize("names", [("--names", "-"), ("-",)])
def test_the_standard_input_is_read(run_python, teller, names):
    command = ("-m", "engine", "tell", teller, *names, "--format", "json")
    import subprocess
    import sys

    ended = subprocess.run(
        [sys.executable, *map(str, command)],
        input="Dinoraptor\nDinoraptor\n",
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert [each["kind"] for each in json.loads(ended.stdout)] == ["Raptor", "Raptor"]


def test_what_is_told_is_written_to_a_file(command, teller, tmp_path):
    path = tmp_path / "told.json"
    options = (*NAMES, "--format", "json")
    assert command("tell", teller, *options, "--output", path)[0] == 0
    assert path.read_text(encoding="utf-8") == command("tell", teller, *options)[1]
    code, _, said = command("tell", teller, *options, "--output", path)
    assert code == 2
    assert "exists already" in said
    assert command("tell", teller, *options, "--output", path, "--force")[0] == 0


def test_an_earlier_network_tells(command, teller):
    first = json.loads(command("tell", teller, *NAMES, "--at", 0, "--format", "json")[1])
    last = json.loads(command("tell", teller, *NAMES, "--format", "json")[1])
    assert max(first[0]["probabilities"].values()) < max(last[0]["probabilities"].values())
    assert command("tell", teller, *NAMES, "--best")[0] == 0


def test_options_and_names_may_stand_in_any_order(command, teller):
    options, first, *others = ("--at", 100), *NAMES
    usual = command("tell", teller, *NAMES, *options)
    assert usual[0] == 0
    for words in (
        (teller, *options, *NAMES),
        (*options, teller, *NAMES),
        (teller, first, *options, *others),
        (teller, first, *options, "--", *others),
        ("--format", "text", teller, first, *options, *others),
    ):
        assert command("tell", *words) == usual
    code, _, said = command("tell", teller, *NAMES[:1], "--bogus", *NAMES[1:])
    assert (code, said.split(" is ")[0]) == (2, "“--bogus”")


def test_a_single_name_that_is_no_kinds_name_is_told(command, teller):
    assert command("tell", teller, "a")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "a name is missing. Give one or more, or a file of names with --names FILE."),
        (("",), 2, "A name needs at least one letter."),
        (("rex", "  "), 2, "A name needs at least one letter."),
        (("re\nx",), 2, "A name must be on one line."),
        (("x" * 201,), 2, "has 201 characters. A name may have 200 at most."),
        (("rex", "--force"), 2, "--force needs --output."),
        (("rex", "--format", "xml"), 2, "“xml” is not one of text, csv, json."),
        (("rex", "--at", 151), 2, "has made only 150 steps"),
        (("--names", "nowhere.txt"), 1, "nowhere.txt"),
    ],
)
def test_what_cannot_be_told_is_said(command, teller, words, code, said):
    found, out, complaint = command("tell", teller, *words)
    assert (found, out) == (code, "")
    assert said in complaint


@pytest.fixture
def strange(tmp_path):
    """Return a file in which the second of three names has a letter that was never seen."""
    path = tmp_path / "names.txt"
    path.write_text("raptor\nГодзилла\nDinoraptor\n", encoding="utf-8")
    return path


NEVER_SEEN = "The model has never seen the letter “г”"


def test_a_name_of_a_file_with_a_letter_never_seen_is_null_in_json(command, teller, strange):
    code, out, said = command("tell", teller, "--names", strange, "--format", "json")
    assert code == 0
    assert (
        "1 of 3 names is not told, because the network has never seen a letter that it has." in said
    )
    first, second, third = json.loads(out)
    told = json.loads(command("tell", teller, "raptor", "Dinoraptor", "--format", "json")[1])
    assert [first, third] == told
    assert list(second) == ["name", "kind", "probabilities", "reason"]
    assert (second["name"], second["kind"], second["probabilities"]) == ("Годзилла", None, None)
    assert second["reason"].startswith(NEVER_SEEN)


def test_such_a_name_has_empty_cells_and_a_reason_in_a_table(command, teller, strange):
    code, out, _ = command("tell", teller, "--names", strange, "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["kind"] for row in rows] == ["Raptor", "", "Raptor"]
    assert rows[1]["probability"] == rows[1]["Raptor"] == ""
    assert [row["not told"].startswith(NEVER_SEEN) for row in rows] == [False, True, False]


def test_such_a_name_has_a_mark_in_text(command, teller, strange):
    code, out, _ = command("tell", teller, "--names", strange)
    assert code == 0
    assert out.splitlines()[1].startswith("Годзилла")
    assert f"(not told) {NEVER_SEEN}" in out.splitlines()[1]
    assert "Raptor" in out.splitlines()[2]


def test_a_file_of_nothing_but_such_names_is_read(command, teller, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("Годзилла\nМотра\n", encoding="utf-8")
    for form in ("text", "csv", "json"):
        code, out, said = command("tell", teller, "--names", path, "--format", form)
        assert code == 0
        assert "2 of 2 names are not told" in said
        assert "Мотра" in out


def test_such_a_name_on_the_command_line_is_a_failure_after_the_others_are_told(command, teller):
    code, out, said = command("tell", teller, "raptor", "Dürer", "Dinoraptor", "--format", "json")
    assert code == 1
    assert "“Dürer” cannot be told. The model has never seen the letter “ü”" in said
    assert [each["kind"] for each in json.loads(out)] == ["Raptor", None, "Raptor"]


def test_the_standard_input_and_a_file_are_too_much(command, teller, strange):
    code, _, said = command("tell", teller, "-", "--names", strange)
    assert code == 2
    assert "NAME cannot be combined with --names" in said


def test_names_and_a_file_are_too_much(command, teller, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("raptor\n", encoding="utf-8")
    code, _, said = command("tell", teller, "rex", "--names", path)
    assert code == 2
    assert "NAME cannot be combined with --names" in said


@pytest.mark.parametrize("run", ["writer", "plain"])
def test_a_network_that_writes_tells_nothing(command, request, run):
    code, out, said = command("tell", request.getfixturevalue(run), "rex")
    assert (code, out) == (1, "")
    assert "writes names, and tells no kinds. Use the command sample, or train" in said


def test_a_network_of_a_text_tells_nothing(command, tmp_path):
    text, path = tmp_path / "text.txt", tmp_path / "run.npz"
    text.write_text("Some text of words. " * 60, encoding="utf-8")
    command("train", text, "--text", "--steps", 1, "--hidden", 4, "--save", path)
    code, _, said = command("tell", path, "rex")
    assert code == 1
    assert "was trained on a text, and tells no kinds. Use the command write" in said

"""The command ``sample`` with a network that is told kinds."""

import csv
import io
import json

import numpy as np
import pytest

from engine.nn.kinds import of_blend
from engine.runs.run_file import load_run
from engine.sampling.candidates import find_candidates
from engine.sampling.constraints import Constraints

TITLES = ("Saurian", "Raptor", "Old Bird")
SORTED = tuple(sorted(TITLES))  # as the files of the folder are


def names_at(path, weights, **constraints):
    """Return the names that are written at a blend, without the command."""
    constraints = {"count": 10} | constraints
    network = load_run(path).network
    assert network.kinds == SORTED
    blend = np.array([weights.get(title, 0.0) for title in SORTED])
    search = find_candidates(
        of_blend(network.parameters, blend / blend.sum()),
        network.vocabulary,
        Constraints(**constraints),
    )
    *_, result = search
    return [name.name.title() for name in result.candidates]


@pytest.mark.parametrize("kind", ["Raptor", "raptor", " RAPTOR "])
def test_names_of_a_kind(command, writer, kind):
    code, out, said = command("sample", writer, "--kind", kind, "--count", 20)
    assert code == 0, said
    assert out.splitlines() == names_at(writer, {"Raptor": 1.0}, count=20)


def test_most_names_are_of_their_kind(command, writer):
    for kind, ending in (("Raptor", "raptor"), ("Saurian", "saurus")):
        _, out, _ = command("sample", writer, "--kind", kind, "--temperature", 0.5, "--count", 20)
        assert sum(name.endswith(ending) for name in out.splitlines()) > 14


@pytest.mark.parametrize(
    ("blend", "weights"),
    [
        ("Raptor=0.6,Saurian=0.4", {"Raptor": 0.6, "Saurian": 0.4}),
        ("Old Bird=3, saurian = 1", {"Old Bird": 0.75, "Saurian": 0.25}),
        ('"Raptor"=2', {"Raptor": 1.0}),
        ("Raptor=1,Saurian=0", {"Raptor": 1.0}),
    ],
)
def test_names_of_a_blend(command, writer, blend, weights):
    code, out, said = command("sample", writer, "--blend", blend)
    assert code == 0, said
    assert out.splitlines() == names_at(writer, weights)


def test_without_a_kind_all_kinds_take_turns(command, writer):
    code, out, _ = command("sample", writer, "--count", 7, "--seed", 3)
    assert code == 0
    rows = [line.split("\t") for line in out.splitlines()]
    assert [kind for _, kind in rows] == [*SORTED, *SORTED, SORTED[0]]
    for place, kind in enumerate(SORTED):
        expected = names_at(writer, {kind: 1.0}, count=3, seed=3)
        assert [name for name, of in rows if of == kind] == expected[: 3 if place == 0 else 2]


def test_at_least_one_name_of_each_kind_is_written(command, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for place in range(12):
        (folder / f"kind{place:02}.txt").write_text(f"name{'abcdefghijkl'[place]}\nnamex")
    path = tmp_path / "run.npz"
    command("train", folder, "--kinds", "--steps", 1, "--hidden", 4, "--save", path)
    _, out, _ = command("sample", path)
    assert [line.split("\t")[1] for line in out.splitlines()] == [f"kind{n:02}" for n in range(12)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), [*SORTED, SORTED[0]]),
        (("--kind", "raptor"), ["Raptor"] * 4),
        (("--blend", "Raptor=3,Saurian=1"), ["Raptor=0.75,Saurian=0.25"] * 4),
    ],
)
def test_tables_say_the_kind(command, writer, options, expected):
    _, out, _ = command("sample", writer, "--count", 4, "--format", "csv", *options)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0])[:2] == ["name", "kind"]
    assert [row["kind"] for row in rows] == expected
    _, out, _ = command("sample", writer, "--count", 4, "--format", "json", *options)
    found = json.loads(out)
    assert [row["kind"] for row in found] == expected
    assert [row["name"] for row in found] == [row["name"] for row in rows]


def test_a_network_without_kinds_says_none(command, plain):
    _, out, _ = command("sample", plain, "--format", "csv")
    assert "kind" not in out.splitlines()[0]
    _, out, _ = command("sample", plain)
    assert "\t" not in out


def test_names_are_written_to_a_file(command, writer, tmp_path):
    path = tmp_path / "names.csv"
    _, printed, _ = command("sample", writer, "--format", "csv")
    assert command("sample", writer, "--format", "csv", "--output", path)[0] == 0
    assert path.read_text(encoding="utf-8") == printed


def test_constraints_hold_for_each_kind(command, writer):
    _, out, said = command(
        *("sample", writer, "--prefix", "dino", "--suffix", "saurus", "--count", 6),
        *("--temperature", 0.5),
    )
    rows = [line.split("\t") for line in out.splitlines()]
    assert all(name.startswith("Dino") and name.endswith("saurus") for name, _ in rows)
    for line in said.splitlines():
        kind, _, note = line.partition(": ")
        assert kind in TITLES
        assert "did not end in" in note


def test_known_means_known_in_any_kind(command, writer, kinds):
    # The names are read with kinds, as the run has read them, so the same ones are held out.
    options = ("--names", kinds, "--format", "json", "--count", 60)
    code, out, said = command("sample", writer, *options, "--kind", "Old Bird")
    assert code == 0, said
    corpus = load_run(writer).corpus
    training, held_out = map(set, corpus.split(1))
    statuses = {row["name"].lower(): row["status"] for row in json.loads(out)}
    for name, status in statuses.items():
        expected = "training" if name in training else "held out" if name in held_out else "new"
        assert status == expected
    assert {"training", "new"} <= set(statuses.values())
    _, out, _ = command("sample", writer, *options, "--only-new")
    found = json.loads(out)
    assert found
    assert not {row["name"].lower() for row in found} & set(corpus.names)


def test_an_earlier_step_writes_by_kind(command, writer, kinds, tmp_path):
    short = tmp_path / "short.npz"
    network = ("--cell", "gru", "--hidden", 24, "--batch", 16, "--dropout", 0, "--seed", 1)
    options = ("--kinds", "--balance", 0, *network)
    command("train", kinds, *options, "--steps", 40, "--save", short)
    _, expected, _ = command("sample", short, "--kind", "Raptor")
    code, out, said = command("sample", writer, "--kind", "Raptor", "--at", 40)
    assert code == 0, said
    assert out == expected
    assert command("sample", writer, "--kind", "Raptor", "--best")[0] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "Rapter"), "--kind"),
        (("--kind", "Rapter"), "Is it “Raptor”?"),
        (("--kind", "Rapter"), "Old Bird, Raptor, Saurian"),
        (("--kind", ""), "knows no kind “”"),
        (("--blend", "Raptor=0,Saurian=0"), "All weights are 0"),
        (("--blend", "Raptor=-1,Saurian=2"), "The weight of “Raptor” is -1"),
        (("--blend", "Raptor=nan"), "The weight of “Raptor” is nan"),
        (("--blend", "Raptor=inf"), "The weight of “Raptor” is inf"),
        (("--blend", "Raptor=1e308,Saurian=1e308"), "too large"),
        (("--blend", "Klingon=1"), "knows no kind “Klingon”"),
        (("--blend", "Raptor"), "“Raptor” is not a kind and a weight"),
        (("--blend", ""), "is not a kind and a weight"),
        (("--blend", "Raptor=1", "--kind", "Raptor"), "--kind cannot be combined with --blend"),
    ],
)
def test_what_is_no_kind_is_refused(command, writer, options, said):
    code, out, found = command("sample", writer, *options)
    assert (code, out) == (2, "")
    assert said in found


@pytest.mark.parametrize("option", ["--kind", "--blend"])
def test_a_network_without_kinds_has_none_to_choose(command, plain, option):
    code, out, said = command("sample", plain, option, "Raptor=1" if option == "--blend" else "x")
    assert (code, out) == (2, "")
    assert "This network knows no kinds." in said


def test_a_network_that_tells_writes_nothing(command, teller):
    for options in ((), ("--kind", "Raptor")):
        code, out, said = command("sample", teller, *options)
        assert (code, out) == (1, "")
        assert "tells the kinds of names, and writes none. Use the command tell." in said


@pytest.mark.parametrize("run", ["writer", "teller"])
def test_no_text_is_written_by_them(command, request, run):
    code, _, said = command("write", request.getfixturevalue(run))
    assert code == 1
    assert "was trained on names" in said

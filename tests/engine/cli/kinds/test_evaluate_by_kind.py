"""The command ``evaluate`` with networks that know kinds."""

import csv
import re

import numpy as np
import pytest

from engine.nn.classifier import probabilities_of_names
from engine.nn.kinds import of_blend
from engine.nn.network import loss_of_names
from engine.runs.run_file import load_run

SORTED = ("Old Bird", "Raptor", "Saurian")


def rows_of(out):
    """Return the cells of each line of the table, by its first cell."""
    lines = [re.split(r"\s{2,}", line) for line in out.splitlines()]
    return {line[0]: line[1:] for line in lines if len(line) > 1}


def held_out(path):
    """Return the held-out names of a run, with their kinds, and its network."""
    saved = load_run(path)
    corpus = saved.corpus
    names = corpus.encoded_at(corpus.split_places(1)[1])
    return names, saved.network.parameters


def test_a_network_that_writes_is_measured_by_kind(command, writer, kinds):
    code, out, said = command("evaluate", writer, kinds)
    assert code == 0, said
    rows = rows_of(out)
    names, parameters = held_out(writer)
    losses = []
    for kind, title in enumerate(SORTED):
        of_kind = names.take(np.flatnonzero(names.kinds == kind))
        loss = loss_of_names(of_blend(parameters, np.eye(3)[kind]), of_kind).nats_per_character
        count, network, *counting = rows[title]
        assert int(count) == len(of_kind)
        assert float(network) == pytest.approx(loss, abs=1e-4)
        assert len(counting) == 2
        losses.append(loss)
    assert float(rows["mean of the kinds"][0]) == pytest.approx(np.mean(losses), abs=1e-4)
    total, network, *_ = rows["in all"]
    assert int(total) == len(names) == 7
    in_all = loss_of_names(parameters, names).nats_per_character
    assert float(network) == pytest.approx(in_all, abs=1e-4)
    assert "of 3 kinds." in out


def test_a_network_that_tells_is_measured_by_kind(command, teller, kinds, tmp_path):
    path = tmp_path / "confusion.csv"
    code, out, said = command("evaluate", teller, kinds, "--confusion", path)
    assert code == 0, said
    names, parameters = held_out(teller)
    found = probabilities_of_names(parameters, names)
    told = found.argmax(axis=1)
    rows = rows_of(out)
    recalls = []
    for kind, title in enumerate(SORTED):
        own = names.kinds == kind
        recalls.append((told[own] == kind).mean())
        count, recall, precision, nats = rows[title]
        assert int(count) == own.sum()
        assert float(recall[:-1]) == pytest.approx(100 * recalls[-1], abs=0.05)
        if (told == kind).any():
            right = 100 * own[told == kind].mean()
            assert float(precision[:-1]) == pytest.approx(right, abs=0.05)
        assert float(nats) == pytest.approx(-np.log(found[own, kind]).mean(), abs=1e-4)
    assert float(rows["mean of the kinds"][0][:-1]) == pytest.approx(
        100 * np.mean(recalls), abs=0.05
    )
    assert float(rows["in all"][1][:-1]) == pytest.approx(
        100 * (told == names.kinds).mean(), abs=0.05
    )
    with path.open(encoding="utf-8", newline="") as file:
        header, *matrix = csv.reader(file)
    assert header == ["kind", *SORTED]
    expected = [[((names.kinds == i) & (told == j)).sum() for j in range(3)] for i in range(3)]
    assert [row[0] for row in matrix] == list(SORTED)
    assert [list(map(int, row[1:])) for row in matrix] == expected


def test_the_largest_kind_is_a_baseline(command, teller, kinds):
    _, out, _ = command("evaluate", teller, kinds)
    names, _ = held_out(teller)
    share = (names.kinds == SORTED.index("Saurian")).mean()
    assert f"always the largest kind, Saurian: {share:.1%}, " in out
    assert re.findall(r"^(\d)-gram Bayes: [\d.]+%, [\d.]+$", out, re.M) == list("12345")
    assert "expected calibration error: " in out
    assert "uniform guessing: 33.3%, 1.0986" in out


@pytest.fixture
def others(tmp_path):
    """Return a folder with a kind that the networks know, in capitals, and one that they do not."""
    folder = tmp_path / "others"
    folder.mkdir()
    (folder / "RAPTOR.txt").write_text("baraptor\ndinoraptor\neuraptor\nceraraptor")
    (folder / "Toads.txt").write_text("sapo\nrana\npelo\npata")
    return folder


@pytest.mark.parametrize("run", ["writer", "teller"])
def test_kinds_that_are_unknown_or_missing_are_said(command, request, others, run):
    code, out, said = command("evaluate", request.getfixturevalue(run), others)
    assert code == 0, said
    assert "The network does not know these kinds, left out: Toads." in said
    assert "The data have no names of these kinds: Old Bird, Saurian." in said
    assert "Raptor" in rows_of(out)
    assert ("n-gram Bayes needs names of every kind" in out) == (run == "teller")
    assert "Toads" not in rows_of(out)


@pytest.mark.parametrize("run", ["writer", "teller"])
def test_data_of_unknown_kinds_alone_are_refused(command, request, others, run):
    (others / "RAPTOR.txt").rename(others / "Newts.txt")
    code, out, said = command("evaluate", request.getfixturevalue(run), others)
    assert (code, out) == (1, "")
    assert "of a kind that the network knows" in said


def test_names_without_kinds_are_refused(command, writer, names_path):
    code, out, said = command("evaluate", writer, names_path)
    assert (code, out) == (1, "")
    assert "kind" in said


def test_a_network_without_kinds_is_measured_as_before(command, plain, kinds):
    code, out, _ = command("evaluate", plain, kinds)
    assert code == 0
    assert "network, held-out names" in out


def test_a_confusion_matrix_needs_a_network_that_tells(command, writer, kinds, tmp_path):
    path = tmp_path / "confusion.csv"
    code, _, said = command("evaluate", writer, kinds, "--confusion", path)
    assert code == 2
    assert "--confusion needs a network that tells kinds" in said
    assert not path.exists()


def test_a_confusion_matrix_replaces_no_file_by_itself(command, teller, kinds, tmp_path):
    path = tmp_path / "confusion.csv"
    path.write_text("mine")
    code, _, said = command("evaluate", teller, kinds, "--confusion", path)
    assert code == 2
    assert "--confusion" in said
    assert "exists already" in said
    assert path.read_text() == "mine"
    assert command("evaluate", teller, kinds, "--confusion", path, "--force")[0] == 0
    assert command("evaluate", teller, kinds, "--force")[0] == 2


@pytest.mark.parametrize("task", ["write", "tell"])
def test_counts_of_names_are_weights_of_the_baselines(command, tmp_path, task):
    table, path = tmp_path / "people.csv", tmp_path / "run.npz"
    rows = [
        f"{first}{last},{kind}" for first in "abcdefgh" for last, kind in (("na", "f"), ("ko", "m"))
    ]
    counts = [900 if row.endswith("f") else 1 for row in rows]
    lines = [f"{row},{count}" for row, count in zip(rows[:-3], counts[:-3], strict=True)]
    table.write_text("\n".join(["name,sex,count", *lines]), encoding="utf-8")
    options = ("--kind-column", "sex", "--weights", "count")
    trained = ("--task", task, "--steps", 2, "--hidden", 4, "--save", path)
    code, _, said = command("train", table, *options, *trained)
    assert code == 0, said
    assert ("always the largest kind, f" in said) == (task == "tell")
    code, out, said = command("evaluate", path, table, *options)
    assert code == 0, said
    if task == "tell":
        # One of each kind is held out, and nearly all weight is on the other kind's names.
        nats = float(re.search(r"always the largest kind, f: 50.0%, ([\d.]+)", out)[1])
        assert nats > 2

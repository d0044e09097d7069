"""Data with odd kinds through the command line: each is learned from, or refused in a sentence."""

import pytest

from engine.runs.run_file import load_run


@pytest.fixture
def train(command, tmp_path):
    """Return a function that trains on files of names by their titles."""

    def run(files, *options, steps=2):
        folder = tmp_path / "data"
        folder.mkdir()
        for title, names in files.items():
            (folder / f"{title}.txt").write_text("\n".join(names), encoding="utf-8")
        path = tmp_path / "run.npz"
        small = ("--steps", steps, "--hidden", 4, "--cell", "rnn", "--save", path)
        code, out, said = command("train", folder, "--kinds", *small, *options)
        return code, out, said, path

    return run


MANY = [f"name{letter}" for letter in "abcdefghij"]


@pytest.mark.parametrize("task", ["write", "tell"])
def test_a_kind_with_one_name_is_learned(train, task):
    code, _, said, path = train({"one": ["single"], "many": MANY}, "--task", task)
    assert code == 0, said
    assert load_run(path).network.kinds == ("many", "one")


@pytest.mark.parametrize("task", ["write", "tell"])
def test_the_same_name_in_all_kinds_is_said(train, task):
    files = {title: [*MANY[i : i + 4], "everywhere"] for i, title in enumerate("abc")}
    code, _, said, path = train(files, "--task", task)
    assert code == 0, said
    assert "several kinds" in said
    assert load_run(path).corpus.distinct.count("everywhere") == 3


def test_names_that_are_all_in_all_kinds_are_learned(train):
    code, _, said, _ = train({"a": MANY, "b": MANY}, "--task", "tell")
    assert code == 0, said


def test_too_many_kinds_are_refused(command, tmp_path):
    path, table = tmp_path / "run.npz", tmp_path / "table.csv"
    rows = "".join(f"name{i},kind{i // 2}\n" for i in range(4_000))
    table.write_text(f"name,kind\n{rows}", encoding="utf-8")
    code, out, said = command("train", table, "--kind-column", "kind", "--steps", 2, "--save", path)
    assert code == 1
    assert "2,000 kinds" in said
    assert "at most" in said
    assert out == ""
    assert not path.exists()


def test_one_kind_is_refused(train):
    code, out, said, path = train({"alone": MANY})
    assert code == 1
    assert "kind" in said
    assert out == ""
    assert not path.exists()


def test_kinds_that_differ_only_in_case_are_one(command, tmp_path):
    table, path = tmp_path / "table.csv", tmp_path / "run.npz"
    kinds = ("Greek", "greek", "Irish", "GREEK ")
    rows = "".join(f"name{letter},{kinds[i % 4]}\n" for i, letter in enumerate("abcdefghijkl"))
    table.write_text(f"name,kind\n{rows}", encoding="utf-8")
    code, _, said = command(
        *("train", table, "--kind-column", "kind", "--steps", 2, "--hidden", 4),
        *("--save", path),
    )
    assert code == 0, said
    assert load_run(path).network.kinds == ("Greek", "Irish")
    assert "are one kind" in said


def test_a_table_with_a_column_of_kinds_is_learned_and_evaluated(command, tmp_path):
    table, path = tmp_path / "table.csv", tmp_path / "run.npz"
    rows = "".join(f"{name},{'ab'[i % 2]}\n" for i, name in enumerate(MANY))
    table.write_text(f"name,sort of\n{rows}", encoding="utf-8")
    options = ("--column", "name", "--kind-column", "sort of")
    code, _, said = command("train", table, *options, "--steps", 2, "--hidden", 4, "--save", path)
    assert code == 0, said
    # The column is read as in the run, without being named again.
    code, out, said = command("evaluate", path, table)
    assert code == 0, said
    assert "mean of the kinds" in out

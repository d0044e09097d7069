import json
from importlib.util import find_spec

import pytest

SINGLE = ("rnn-50", "rnn-100", "rnn-200", "gru-50", "lstm-50")
QUICK = ("--rounds", "1", "--steps", "3")


@pytest.fixture
def run_bench(run_script, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(f"{first}{last}saurus" for first in "abcdefgh" for last in "aeiou"))
    return lambda *arguments: run_script("bench_engine.py", "--names", names, *arguments)


@pytest.fixture
def measure(run_bench, tmp_path):
    """Return a function that runs some rows and returns the output and the rows."""

    def run(*rows):
        path = tmp_path / "figures.json"
        only = [word for row in rows for word in ("--only", row)]
        ended = run_bench(*QUICK, *only, "--json", path)
        assert ended.returncode == 0, ended.stderr
        assert ended.stderr == ""
        figures = json.loads(path.read_text(encoding="utf-8"))
        return ended.stdout, {row["row"]: row for row in figures["rows"]}

    return run


def test_single_steps_are_compared_with_the_course(measure):
    printed, rows = measure(*SINGLE)
    assert tuple(rows) == SINGLE
    for row in rows.values():
        assert row["rates"]["engine"]["median"] > 0
        ratio = row["rates"]["engine"]["median"] / row["rates"]["course"]["median"]
        assert row["ratios"]["course"]["median"] == pytest.approx(ratio)
        assert ("torch" in row["ratios"]) == (find_spec("torch") is not None)
    assert rows["rnn-50"]["ratios"]["course"]["goal"] == 5.5
    for word in ("Python", "numpy", "1 thread", "goal ≥ 5.5"):
        assert word in printed
    assert ("PyTorch is not installed" in printed) == (find_spec("torch") is None)


def test_a_row_of_two_threads_runs_in_its_own_process(measure):
    printed, rows = measure("batch-lstm")
    assert rows["batch-lstm"]["threads"] == 2
    assert "2 threads" in printed
    assert rows["batch-lstm"]["ratios"]["products"]["goal"] == 0.7


@pytest.mark.parametrize("row", ["tell-gru", "tell-gru-both"])
def test_telling_kinds_is_measured(measure, row):
    _, rows = measure(row)
    assert rows[row]["rates"]["engine"]["median"] > 0
    assert ("torch" in rows[row]["ratios"]) == (find_spec("torch") is not None)


def test_sampling_is_compared_with_the_course(measure):
    _, rows = measure("sampling")
    assert rows["sampling"]["rates"]["engine"]["median"] > 0
    assert rows["sampling"]["ratios"]["course"]["goal"] == 80


def test_a_limit_says_whether_it_is_met(measure):
    _, rows = measure("resizing")
    figures = rows["resizing"]["figures"]
    assert set(figures) == {"rnn", "gru", "lstm"}
    assert all(f["met"] == (f["median"] <= f["goal"]) for f in figures.values())


def test_no_rounds_are_refused(run_bench):
    ended = run_bench("--rounds", "0")
    assert ended.returncode == 2
    assert "--rounds and --steps must be 1 or more." in ended.stderr

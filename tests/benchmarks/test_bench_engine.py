import json
import os
import re
import subprocess
import sys

import pytest


@pytest.fixture
def run_bench(root, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(f"{first}{last}saurus" for first in "abcdefgh" for last in "aeiou"))

    def run(*arguments):
        # PYTHONPATH must not help: it has to run where nothing is installed.
        environment = {n: v for n, v in os.environ.items() if n != "PYTHONPATH"}
        script = root / "tests" / "benchmarks" / "bench_engine.py"
        return subprocess.run(
            [sys.executable, script, "--names", names, *arguments],
            cwd=tmp_path,
            env=environment | {"PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


def test_the_table_has_a_row_for_each_width(run_bench, tmp_path):
    ended = run_bench("--rounds", "1", "--steps", "5", "--json", tmp_path / "figures.json")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    rows = re.findall(
        r"^ *(\d+) +([\d,]+) \([\d,–]+\) +([\d,]+) \([\d,–]+\) +([\d.]+)$", ended.stdout, re.M
    )
    assert [row[0] for row in rows] == ["50", "100", "200"]
    assert all(float(number.replace(",", "")) > 0 for row in rows for number in row)
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert [row["hidden"] for row in figures["rows"]] == [50, 100, 200]
    assert all(row["ratio"] > 0 for row in figures["rows"])
    assert "Python" in ended.stdout
    assert "NumPy" in ended.stdout
    assert "BLAS threads" in ended.stdout


def test_no_rounds_are_refused(run_bench):
    ended = run_bench("--rounds", "0")
    assert ended.returncode == 2
    assert "--rounds and --steps must be 1 or more." in ended.stderr

import json
import os
import re
import subprocess
import sys

ROW = re.compile(r"^(1,000|index|nearest)(.+?) +([\d.]+) +([\d.]+)$", re.MULTILINE)


def test_the_table_has_a_row_for_each_part(root, tmp_path):
    figures = tmp_path / "figures.json"
    script = root / "tests" / "benchmarks" / "bench_candidates.py"
    few = ("--rounds", "1", "--known", "2000", "--steps", "60", "--json", figures)
    # Without PYTHONPATH: benchmarks have to run where the project is not installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        [sys.executable, script, *few],
        cwd=tmp_path,
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    rows = ROW.findall(ended.stdout)
    assert [row[0] for row in rows] == ["1,000", "1,000", "1,000", "index", "nearest"]
    assert all(float(number) > 0 for row in rows for number in row[2:])
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert list(found) == [first + rest for first, rest, *_ in rows]

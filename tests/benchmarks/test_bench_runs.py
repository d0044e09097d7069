import json

import pytest

ROWS = {
    "futures": [
        "processor time of all",
        "first lines",
        "all 4 × 20 steps",
        "first lines, the run trains",
        "all 4 × 20 steps, the run trains",
    ],
    "reach": ["median of 40 steps of 50", "the slowest of them"],
    "checkpoints": ["RNN-50", "LSTM-128, 32 names", "LSTM-512, 512, 32 names"],
    "overlay": ["growing", "growing and zooming"],
    "library": ["20 runs without an index", "20 runs with an index"],
    "memory": ["2 further runs of 50 steps", "2 further runs of 50 steps, all on the plot"],
}
ALONE = "memory"
"""Measured in a process of its own, as the memory of other parts would be free for it."""


@pytest.mark.parametrize("parts", [[ALONE], [part for part in ROWS if part != ALONE]], ids=str)
def test_parts_print_and_write_their_rows(run_script, tmp_path, parts):
    figures = tmp_path / "figures.json"
    ended = run_script(
        *("bench_runs.py", *(word for part in parts for word in ("--only", part))),
        *("--rounds", "1", "--steps", "20", "--trained", "50"),
        *("--overlaid", "2000", "--open", "2", "--opened", "50", "--runs", "20"),
        *("--json", figures),
    )
    # The offscreen platform says this of windows.
    said = [line for line in ended.stderr.splitlines() if "This plugin does not" not in line]
    assert (ended.returncode, said) == (0, [])
    found = json.loads(figures.read_text(encoding="utf-8"))["parts"]
    assert sorted(found) == sorted(parts)
    for part in parts:
        assert list(found[part]) == ROWS[part]
        for title, seconds in found[part].items():
            assert seconds > 0
            assert title in ended.stdout

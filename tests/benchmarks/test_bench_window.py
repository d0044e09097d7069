import json
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(find_spec("PySide6") is None, reason="there is no Qt")


@pytest.fixture
def run_bench(run_script):
    return lambda *arguments, **environment: run_script(
        "bench_window.py", "--rounds", 1, "--seconds", 0.3, "--steps", 20_000,
        "--network", "RNN-50", "--optimization", "freeze", "--optimization", "first_paint",
        "--optimization", "shared_processor", *arguments,
        **environment,
    )  # fmt: skip


def measure(run_bench, path):
    ended = run_bench("--json", path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    return ended.stdout, json.loads(path.read_text(encoding="utf-8"))["parts"]


def test_every_part_has_figures_and_goals(run_bench, tmp_path):
    printed, parts = measure(run_bench, tmp_path / "figures.json")
    assert parts["tax"]["RNN-50: with the window, steps/s"]["median"] > 0
    assert parts["tax"]["RNN-50: frames/s"]["median"] > 0
    assert parts["tax"]["RNN-50: rate kept, %"]["goal"] == 95
    assert parts["panels"]["with all panels, steps/s"]["median"] > 0
    assert parts["panels"]["rate kept, %"]["goal"] == 80
    assert parts["frame"]["points at 10,000 steps"]["median"] > 100
    assert parts["memory"]["20,000 steps add, MB"]["goal"] == 60
    assert parts["start"]["dinogui / an empty plot"]["median"] > 0
    assert all(figure["min"] > 0 for figure in parts["knobs"].values())
    for name in (
        "first_paint, start (s)",
        "freeze, collection (ms)",
        "shared_processor, step (µs)",
    ):
        assert parts["optimizations"][f"{name}, without"]["median"] > 0
        assert parts["optimizations"][f"{name}, saved, %"]["median"] < 100
    assert "offscreen" in printed
    assert "goal ≤ 1.3" in printed


def test_xcb_without_a_display_is_refused(run_bench):
    ended = run_bench("--platform", "xcb", DISPLAY="")
    assert ended.returncode == 2
    assert "xvfb-run" in ended.stderr

import json
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(find_spec("PySide6") is None, reason="there is no Qt")


@pytest.fixture
def run_bench(run_script):
    return lambda *arguments, **environment: run_script(
        "bench_window.py", "--rounds", 1, "--seconds", 0.3, "--steps", 20_000,
        "--course-steps", 2_000,
        "--network", "RNN-50", "--optimization", "freeze", "--optimization", "first-paint",
        *arguments, **environment,
    )  # fmt: skip


@pytest.fixture
def measure(run_bench, tmp_path):
    """Return a function that measures parts and returns the output and the figures of the parts."""

    def run(*parts):
        path = tmp_path / "figures.json"
        only = [word for part in parts for word in ("--only", part)]
        ended = run_bench(*only, "--json", path)
        assert ended.returncode == 0, ended.stderr
        assert ended.stderr == ""
        return ended.stdout, json.loads(path.read_text(encoding="utf-8"))["parts"]

    return run


def test_the_rate_is_measured_with_and_without_the_window(measure):
    _, parts = measure("tax")
    assert parts["tax"]["RNN-50, NumPy: with the window, steps/s"]["median"] > 0
    assert parts["tax"]["RNN-50, NumPy: frames/s"]["median"] > 0
    assert parts["tax"]["RNN-50, NumPy: rate kept, %"]["goal"] == 93


def test_the_steps_of_the_course_are_timed_in_the_window(measure, compiled_kernels):
    _, parts = measure("course")
    for step in ("NumPy", "compiled"):
        assert parts["course"][f"{step}: with the window, s"]["median"] > 0
    assert parts["course"]["compiled: the course / with the window"]["goal"] == 9


def test_the_rate_is_measured_with_all_panels(measure):
    _, parts = measure("panels")
    assert parts["panels"]["with all panels, steps/s"]["median"] > 0
    assert parts["panels"]["rate kept, %"]["goal"] == 80


def test_frames_memory_and_sliders_are_measured(measure):
    _, parts = measure("frame", "memory", "knobs")
    assert list(parts) == ["frame", "memory", "knobs"]
    assert parts["frame"]["points at 10,000 steps"]["median"] > 100
    assert parts["memory"]["20,000 steps add, MB"]["goal"] == 60
    assert all(figure["min"] > 0 for figure in parts["knobs"].values())


def test_the_start_and_its_optimizations_are_measured(measure):
    printed, parts = measure("start", "optimizations")
    assert parts["start"]["dinogui / an empty plot"]["median"] > 0
    for name in ("first-paint, start (s)", "freeze, collection (ms)"):
        for figure in ("with", "without"):
            assert parts["optimizations"][f"{name}, {figure}"]["median"] > 0
        assert f"{name}, saved, %" in parts["optimizations"]
    assert "offscreen" in printed
    assert "goal ≤ 1.3" in printed


def test_xcb_without_a_display_is_refused(run_bench):
    ended = run_bench("--platform", "xcb", DISPLAY="")
    assert ended.returncode == 2
    assert "xvfb-run" in ended.stderr

"""What the window costs: training speed, delays of its event loop, memory, and the start.

    python tests/benchmarks/bench_window.py [--platform offscreen|xcb] [--only PART]
                                            [--network NAME] [--rounds N] [--seconds S]
                                            [--steps N] [--optimization NAME] [--json FILE]

This measures the real window with all panels that are visible at the start, and in one part also
with all panels that look inside the network. Training with and without the window takes turns, each
in its own process, so that nothing of the window, not even its import, slows the training without
it, and a slower machine affects both alike. Without the window, only the trainer runs. Everything
that the window adds, including the names in its log, counts against the window. The platform xcb
needs a display:

    xvfb-run -a python tests/benchmarks/bench_window.py --platform xcb

All parts compute their steps with NumPy; the parts "tax" and "course" also with the compiled
kernels, if ``python -m engine compile`` has made them ready.

The part "optimizations" turns each optimisation of `dinogui.startup` off and on in turns, and says
what it is worth.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import describe_machine, has_kernels, load_average, print_machine
from rounds import spread, verdict, write_goal, write_spread

from dinogui.startup.switches import OPTIMIZATIONS
from engine.nn.fast.switches import VARIABLE

HERE = Path(__file__).resolve().parent
NETWORKS = {"RNN-50": ("rnn", 50), "LSTM-128": ("lstm", 128)}
RATE_KEPT = {"NumPy": 93.0, "compiled": 98.0}
"""Goals in per cent, for each kind of step."""

COURSE_STEPS, COURSE_TIMES = 35_000, 9.0
"""Steps of the course, and how many times as fast as its own code they are to be in the window."""

SLIDER_MOVES = 8
"""Number of times that a slider is moved in a round."""

COLLECTIONS = 9
"""Number of garbage collections in a round."""


def probe(options, kind, cell, width, amount, without="", step="NumPy"):
    """Run one measurement in its own process, and return its figures."""
    command = [sys.executable, HERE / "window_probes.py", kind, cell, str(width), str(amount)]
    ended = subprocess.run(
        command,
        env=environment(options, without, step),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return json.loads(ended.stdout)


def environment(options, without="", step="NumPy"):
    """Return the environment of a measurement, where Python may write its bytecode."""
    kept = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
    if step == "NumPy":  # kernels are looked for where there are none
        kept["DINOGUI_KERNELS"] = options.empty_folder
    return kept | {
        "DINOGUI_COMPILE": "by-hand",
        "QT_QPA_PLATFORM": options.platform,
        VARIABLE: without,
        # The offscreen platform logs a warning about the size of every window.
        "QT_LOGGING_RULES": "qt.qpa.plugin=false;default.warning=false",
    }


def tax(options):
    """Measure the share of the training rate that is kept, frames per second, and delays."""
    found = {}
    for name in options.network or NETWORKS:
        for step in steps_to_measure():
            rounds = []
            for round_ in range(options.rounds):
                kinds = ("headless", "window", "heartbeat")
                if round_ % 2:
                    kinds = ("window", "headless", "heartbeat")
                arguments = (*NETWORKS[name], options.seconds)
                rounds.append({kind: probe(options, kind, *arguments, step=step) for kind in kinds})
            headless, window, beats = (
                [each[kind] for each in rounds] for kind in ("headless", "window", "heartbeat")
            )
            rows = tax_rows(headless, window, beats, RATE_KEPT[step])
            found |= {f"{name}, {step}: {key}": row for key, row in rows.items()}
    return found


def steps_to_measure():
    """Return the kinds of steps that are ready."""
    return list(RATE_KEPT) if has_kernels() else ["NumPy"]


def course(options):
    """Measure the course's 35,000 steps with the window open, against the course's own code."""
    found = {}
    for step in steps_to_measure():
        rounds = []
        for _ in range(options.rounds):
            rate = probe(options, "course", "rnn", 50, options.seconds)["rate"]
            ended = probe(options, "course_window", "rnn", 50, options.course_steps, step=step)
            rounds.append((options.course_steps / rate, ended["seconds"]))
        times = spread([course / window for course, window in rounds])
        found |= {
            f"{step}: the course, s": spread([course for course, _ in rounds]),
            f"{step}: with the window, s": spread([window for _, window in rounds]),
            f"{step}: the course / with the window": (
                verdict(times, COURSE_TIMES) if step == "compiled" else times
            ),
        }
    return found


def panels(options):
    """Measure the same with all panels that look inside the network visible, side by side."""
    found, network = [], NETWORKS["RNN-50"]
    for round_ in range(options.rounds):
        kinds = ("headless", "panels_window", "panels_heartbeat")
        order = kinds[::-1] if round_ % 2 else kinds
        found.append({kind: probe(options, kind, *network, options.seconds) for kind in order})
    headless, window, beats = ([each[kind] for each in found] for kind in kinds)
    shares = [100 * w["rate"] / h["rate"] for h, w in zip(headless, window, strict=True)]
    return {
        "headless, steps/s": spread([each["rate"] for each in headless]),
        "with all panels, steps/s": spread([each["rate"] for each in window]),
        "rate kept, %": verdict(spread(shares), 80.0),
        "loop late, 99th percentile, ms": verdict(
            spread([beat["p99"] for beat in beats]), 15.0, at_least=False
        ),
        "loop late, worst of all, ms": spread([max(beat["worst"] for beat in beats)]),
    }


def tax_rows(headless, window, beats, kept):
    """Return the rows of one network; `kept` is the goal, in per cent of the rate."""
    shares = [100 * w["rate"] / h["rate"] for h, w in zip(headless, window, strict=True)]
    worst = max(beat["worst"] for beat in beats)
    return {
        "headless, steps/s": spread([each["rate"] for each in headless]),
        "with the window, steps/s": spread([each["rate"] for each in window]),
        "rate kept, %": verdict(spread(shares), kept),
        "frames/s": verdict(spread([each["frames"] for each in window]), 20.0),
        "loop late, 99th percentile, ms": verdict(
            spread([beat["p99"] for beat in beats]), 10.0, at_least=False
        ),
        "loop late, worst of all, ms": verdict(spread([worst]), 50.0, at_least=False),
    }


def frame(options):
    """Measure the cost of a frame late in a run, compared with early in it."""
    found = [probe(options, "frames", "rnn", 50, options.steps) for _ in range(options.rounds)]
    costs = [each["long"] / each["short"] for each in found]
    return {
        "frame at 10,000 steps, ms": spread([each["short"] for each in found]),
        f"frame at {options.steps:,} steps, ms": spread([each["long"] for each in found]),
        "late / early": verdict(spread(costs), 1.2, at_least=False),
        "points at 10,000 steps": spread([each["points"]["short"] for each in found]),
        f"points at {options.steps:,} steps": spread([each["points"]["long"] for each in found]),
    }


def memory(options):
    """Measure how much memory the steps take, including the log of names."""
    found = probe(options, "memory", "rnn", 50, options.steps)["megabytes"]
    return {f"{options.steps:,} steps add, MB": verdict(spread([found]), 60.0, at_least=False)}


def start(options):
    """Measure the time to the first painted window, compared with an empty plot."""
    seconds = {"dinogui": [], "floor": []}
    for round_ in range(options.rounds + 1):
        for kind in ("dinogui", "floor") if round_ % 2 else ("floor", "dinogui"):
            found = time_to_first_paint(options, kind)
            if round_:  # the first round fills the caches
                seconds[kind].append(found)
    ratios = [d / f for d, f in zip(seconds["dinogui"], seconds["floor"], strict=True)]
    return {
        "an empty plot, s": spread(seconds["floor"]),
        "dinogui, s": spread(seconds["dinogui"]),
        "dinogui / an empty plot": verdict(spread(ratios), 1.3, at_least=False),
    }


def time_to_first_paint(options, kind, without=""):
    """Return the seconds from the start of a process until it has painted its window."""
    begun = time.perf_counter()
    command = [sys.executable, HERE / "first_paint.py", kind]
    with subprocess.Popen(
        command, env=environment(options, without), stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        line = process.stdout.readline()
        seconds = time.perf_counter() - begun
    if line != "painted\n":
        raise RuntimeError(f"{kind} ended before its window was painted.")
    return seconds


def knobs(options):
    """Measure how soon a slider takes effect, and how long a resize delays the next step."""
    found = [probe(options, "knobs", "rnn", 50, SLIDER_MOVES) for _ in range(options.rounds)]
    delays = [delay for each in found for delay in each["delays"]]
    gaps = [gap for each in found for gap in each["gaps"]]
    return {
        "slider to the first step with it, ms": verdict(spread(delays), 50.0, at_least=False),
        "the slowest of them, ms": verdict(spread([max(delays)]), 50.0, at_least=False),
        "50 to 200 units, between two steps, ms": verdict(spread(gaps), 20.0, at_least=False),
    }


def optimizations(options):
    """Measure what each optimisation of the start and of the window is worth."""
    rows = {}
    for name in options.optimization or OPTIMIZATIONS:
        figures = {"with": [], "without": []}
        for round_ in range(options.rounds):
            for way in ("with", "without") if round_ % 2 else ("without", "with"):
                found = MEASURES[name](options, name if way == "without" else "")
                figures[way].append(found)
        for figure in figures["with"][0]:
            ways = {way: [each[figure] for each in figures[way]] for way in figures}
            saved = [100 * (1 - a / b) for a, b in zip(ways["with"], ways["without"], strict=True)]
            rows |= {f"{name}, {figure}, {way}": spread(ways[way]) for way in ways}
            rows[f"{name}, {figure}, saved, %"] = spread(saved)
    return rows


def start_without(options, without):
    """Return the time of a start."""
    return {"start (s)": time_to_first_paint(options, "dinogui", without)}


def collection_without(options, without):
    """Return the time of a full garbage collection."""
    found = probe(options, "collection", *NETWORKS["RNN-50"], COLLECTIONS, without)
    return {"collection (ms)": found["milliseconds"]}


def run_without(options, without):
    """Return the time of a step in the window, and the delay of its event loop."""
    network = NETWORKS["RNN-50"]
    found = probe(options, "window", *network, options.seconds, without)
    beats = probe(options, "heartbeat", *network, options.seconds, without)
    return {"step (µs)": 1e6 / found["rate"], "loop late, 99th percentile (ms)": beats["p99"]}


MEASURES = {
    "no-garbage-collection-at-start": start_without,
    "lean-dataclasses": start_without,
    "lean-pyside": start_without,
    "lean-pyqtgraph": start_without,
    "first-paint": start_without,
    "freeze": collection_without,
    "switch-interval": run_without,
    "one-painting-thread": run_without,
}

PARTS = {
    "tax": tax,
    "course": course,
    "panels": panels,
    "frame": frame,
    "memory": memory,
    "start": start,
    "knobs": knobs,
    "optimizations": optimizations,
}


def print_part(name, rows):
    print(f"\n{name}: {PARTS[name].__doc__}")
    width = max(map(len, rows)) + 2
    for what, figure in rows.items():
        goal = write_goal(figure) if "goal" in figure else ""
        print(f"  {what:<{width}}{write_spread(figure):>26}  {goal}".rstrip())
    sys.stdout.flush()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--only", action="append", choices=PARTS, help="may be repeated")
    parser.add_argument("--network", action="append", choices=NETWORKS, help="of the part tax")
    parser.add_argument(
        "--optimization", action="append", choices=OPTIMIZATIONS, help="of the part optimizations"
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument(
        "--seconds", type=float, default=4.0, metavar="S", help="training time of each measurement"
    )
    parser.add_argument(
        "--steps", type=int, default=10_000_000, metavar="N", help="length of a long run"
    )
    parser.add_argument(
        "--course-steps", type=int, default=COURSE_STEPS, metavar="N", help="of the part course"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the figures to this file"
    )
    options = parser.parse_args()
    if min(options.rounds, options.steps, options.course_steps) < 1 or not options.seconds > 0:
        parser.error(
            "--rounds, --steps and --course-steps must be 1 or more, and --seconds above 0."
        )
    if options.platform == "xcb" and not os.environ.get("DISPLAY"):
        parser.error(
            "--platform xcb needs a display, but DISPLAY is not set. Run it with "
            "“xvfb-run -a python tests/benchmarks/bench_window.py --platform xcb”."
        )
    return options


def main():
    options = parse()
    machine = describe_machine("numpy", "PySide6-Essentials", "pyqtgraph")
    machine["platform"] = options.platform
    print_machine(machine)
    print(f"Qt platform {options.platform}, BLAS threads: 1; median (min–max)")
    parts = {}
    with tempfile.TemporaryDirectory() as options.empty_folder:
        for name in options.only or PARTS:
            parts[name] = PARTS[name](options)
            print_part(name, parts[name])
    machine["load_at_end"] = load_average()
    if options.json:
        figures = {"machine": machine, "rounds": options.rounds, "seconds": options.seconds}
        text = json.dumps(figures | {"parts": parts}, indent=1, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

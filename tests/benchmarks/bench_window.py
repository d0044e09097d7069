"""What the window costs: the training, its own event loop, memory, and the start.

    python tests/benchmarks/bench_window.py [--platform offscreen|xcb] [--only PART]
                                            [--network NAME] [--rounds N] [--seconds S]
                                            [--steps N] [--json FILE]

It is the real window, with every panel that is visible at start, and in one part with all panels
that look inside the network besides. Training headless and with the
window takes turns, each in a process of its own, so that nothing of the window, not even its
import, weighs on the headless one, and a machine that slows down slows both. Headless is the
trainer alone: whatever the window adds, the names of its log included, counts against it. Under
xcb a display is needed:

    xvfb-run -a python tests/benchmarks/bench_window.py --platform xcb
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from machine import describe_machine, load_average, print_machine
from rounds import spread, verdict, write_goal, write_spread

HERE = Path(__file__).resolve().parent
NETWORKS = {"RNN-50": ("rnn", 50), "LSTM-128": ("lstm", 128)}
KNOBS = 8
"""Times that a knob is turned in a round."""


def probe(options, kind, cell, width, amount):
    """Run one measurement in a process of its own, and return what it found."""
    command = [sys.executable, HERE / "window_probes.py", kind, cell, str(width), str(amount)]
    ended = subprocess.run(
        command, env=environment(options), stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return json.loads(ended.stdout)


def environment(options):
    """Return the environment with the platform that was asked for, and byte code kept as usual."""
    kept = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "QT_QPA_PLATFORM": options.platform,
        # The offscreen platform says of every window that it cannot pass on its size.
        "QT_LOGGING_RULES": "qt.qpa.plugin=false;default.warning=false",
    }


def tax(options):
    """Measure the rate that is kept, the frames a second, and the event loop's delay."""
    found = {}
    for name in options.network or NETWORKS:
        network, rounds = NETWORKS[name], []
        for round_ in range(options.rounds):
            kinds = ("headless", "window", "heartbeat")
            if round_ % 2:
                kinds = ("window", "headless", "heartbeat")
            rounds.append({kind: probe(options, kind, *network, options.seconds) for kind in kinds})
        headless, window, beats = (
            [each[kind] for each in rounds] for kind in ("headless", "window", "heartbeat")
        )
        found |= {f"{name}: {key}": row for key, row in tax_rows(headless, window, beats).items()}
    return found


def panels(options):
    """Measure the same with every panel that looks inside the network seen, side by side."""
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


def tax_rows(headless, window, beats):
    """Return the figures of one network."""
    shares = [100 * w["rate"] / h["rate"] for h, w in zip(headless, window, strict=True)]
    worst = max(beat["worst"] for beat in beats)
    return {
        "headless, steps/s": spread([each["rate"] for each in headless]),
        "with the window, steps/s": spread([each["rate"] for each in window]),
        "rate kept, %": verdict(spread(shares), 95.0),
        "frames/s": verdict(spread([each["frames"] for each in window]), 20.0),
        "loop late, 99th percentile, ms": verdict(
            spread([beat["p99"] for beat in beats]), 10.0, at_least=False
        ),
        "loop late, worst of all, ms": verdict(spread([worst]), 50.0, at_least=False),
    }


def frame(options):
    """Measure what a frame costs late in a run, against early in it."""
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
    """Measure what the steps add to the process, the log of names included."""
    found = probe(options, "memory", "rnn", 50, options.steps)["megabytes"]
    return {f"{options.steps:,} steps add, MB": verdict(spread([found]), 60.0, at_least=False)}


def start(options):
    """Measure from process start to the first painted window, against a bare plot."""
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


def time_to_first_paint(options, kind):
    """Return the seconds from starting a process to its word that it has painted."""
    begun = time.perf_counter()
    command = [sys.executable, HERE / "first_paint.py", kind]
    with subprocess.Popen(
        command, env=environment(options), stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        said = process.stdout.readline()
        seconds = time.perf_counter() - begun
    if said != "painted\n":
        raise RuntimeError(f"{kind} ended before its window was painted.")
    return seconds


def knobs(options):
    """Measure how soon a slider acts, and how long a resize keeps the next step waiting."""
    found = [probe(options, "knobs", "rnn", 50, KNOBS) for _ in range(options.rounds)]
    delays = [delay for each in found for delay in each["delays"]]
    gaps = [gap for each in found for gap in each["gaps"]]
    return {
        "slider to the first step with it, ms": verdict(spread(delays), 50.0, at_least=False),
        "the slowest of them, ms": verdict(spread([max(delays)]), 50.0, at_least=False),
        "50 to 200 units, between two steps, ms": verdict(spread(gaps), 20.0, at_least=False),
    }


PARTS = {
    "tax": tax,
    "panels": panels,
    "frame": frame,
    "memory": memory,
    "start": start,
    "knobs": knobs,
}


def print_part(name, rows):
    print(f"\n{name}: {PARTS[name].__doc__}")
    for what, figure in rows.items():
        goal = write_goal(figure) if "goal" in figure else ""
        print(f"  {what:<42}{write_spread(figure):>26}  {goal}".rstrip())
    sys.stdout.flush()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--only", action="append", choices=PARTS, help="may be repeated")
    parser.add_argument("--network", action="append", choices=NETWORKS, help="of the tax; likewise")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument(
        "--seconds", type=float, default=4.0, metavar="S", help="of training, each measurement"
    )
    parser.add_argument("--steps", type=int, default=10_000_000, metavar="N", help="of a long run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if options.rounds < 1 or options.steps < 1 or not options.seconds > 0:
        parser.error("--rounds and --steps must be 1 or more, --seconds above 0.")
    if options.platform == "xcb" and not os.environ.get("DISPLAY"):
        parser.error(
            "--platform xcb needs a display, and DISPLAY names none. Run it with "
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

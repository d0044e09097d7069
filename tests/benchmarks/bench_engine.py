"""The engine's speed: against the course's way of writing the same, and against PyTorch.

    python tests/benchmarks/bench_engine.py [--only ROW] [--threads N] [--rounds N] [--steps N]
                                            [--names FILE] [--json FILE]

All ratios are of one run: the ways take turns within a round, so that a machine that slows down
slows all, and go on from round to round where they were, so that all stay warm; a ratio is the
median of the rounds' own. Where they compute the same numbers, they have to reach the same loss
from the same start values first. PyTorch's figures are left out where it is not installed.

NumPy's matrix library has one thread, as in the programs. In a row of two threads the engine has a
helper, which takes half of a batch, and PyTorch two threads of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from machine import ROOT, describe_machine, has_torch, prepare_process, print_machine
from rounds import write_goal, write_spread

ROWS = {
    # name: (what it is, threads, function in engine_rows, arguments)
    "rnn-50": ("RNN 50, a name a step", 1, "single_rnn", (50, {"course": 6.0, "torch": 12.0})),
    "rnn-100": ("RNN 100, a name a step", 1, "single_rnn", (100, {})),
    "rnn-200": ("RNN 200, a name a step", 1, "single_rnn", (200, {"course": 4.0, "torch": 4.0})),
    "gru-50": ("GRU 50, a name a step", 1, "single_gated", ("gru", {"course": 3.0, "torch": 5.0})),
    "lstm-50": (
        "LSTM 50, a name a step",
        1,
        "single_gated",
        ("lstm", {"course": 3.0, "torch": 5.0}),
    ),
    "batch-lstm": (
        "LSTM 128+128, 128 names of 40, float32",
        2,
        "batch_lstm",
        ({"torch": 1.5},),
    ),
    "batch-gru": ("GRU 128, 32 names, float32", 1, "batch_gru", ({"torch": 1.5},)),
    "sampling": ("1,000 names at once, RNN 50", 1, "sampling", ({"course": 50.0},)),
    "loading": (
        "300,000 names from a file",
        1,
        "loading",
        ({"read": 2.0, "read, begin": 2.0},),
    ),
    "resizing": (
        "50 to 200 units, and a step",
        1,
        "resizing",
        ({"rnn": 20.0, "gru": 20.0, "lstm": 20.0},),
    ),
}


def measure(names, options):
    """Measure rows in this process, which has the threads that they want."""
    import engine_rows  # imports NumPy, which reads the limit only once

    if has_torch():
        import torch

        torch.set_num_threads(options.threads)
    rows = []
    for name in names:
        what, _, function, arguments = ROWS[name]
        row = partial(getattr(engine_rows, function), options)(*arguments)
        rows.append({"row": name, "what": what, "threads": options.threads, **row})
        if not options.quiet:
            print_row(rows[-1])
    return rows


def measure_apart(names, threads, options):
    """Measure rows in a process with so many threads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        command = [sys.executable, __file__, "--quiet", "--threads", str(threads), "--json", path]
        for name in ("rounds", "steps", "names"):
            command += [f"--{name}", str(getattr(options, name))]
        for name in names:
            command += ["--only", name]
        subprocess.run(command, check=True)
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    for row in rows:
        print_row(row)
    return rows


def print_row(row):
    """Print one row: its ways and what they come to."""
    threads = f"{row['threads']} thread{'s' if row['threads'] > 1 else ''}"
    print(f"\n{row['what']} ({row['row']}, {threads})")
    for way, figure in row.get("rates", {}).items():
        print(f"  {way:<16}{write_spread(figure):>30} {row['unit']}")
    for way, figure in row.get("ratios", {}).items():
        way = f"{way} ({row['torch_way']})" if way == "torch" and "torch_way" in row else way
        goal = write_goal(figure) if "goal" in figure else ""
        print(f"  {'engine / ' + way:<25}{write_spread(figure):>21}x  {goal}")
    for way, figure in row.get("figures", {}).items():
        print(f"  {way:<16}{write_spread(figure):>30} {row['unit']}  {write_goal(figure)}")
    sys.stdout.flush()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", choices=ROWS, help="one row; may be repeated")
    parser.add_argument(
        "--threads", type=int, metavar="N", help="PyTorch's; from 2 on, the engine has a helper"
    )
    parser.add_argument("--rounds", type=int, default=25, metavar="N")
    parser.add_argument("--steps", type=int, default=200, metavar="N", help="a round, each way")
    parser.add_argument(
        "--names", type=Path, default=ROOT / "resources" / "names" / "dinosaurs.txt", metavar="FILE"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--quiet", action="store_true", help="write the file only")
    options = parser.parse_args()
    if min(options.rounds, options.steps) < 1:
        parser.error("--rounds and --steps must be 1 or more.")
    if options.threads is not None and options.threads < 1:
        parser.error("--threads must be 1 or more.")
    return options


def main():
    options = parse()
    chosen = options.only or list(ROWS)
    threads_of = {name: options.threads or ROWS[name][1] for name in chosen}
    options.threads = options.threads or 1
    prepare_process()
    machine = describe_machine("numpy", "torch")
    if not options.quiet:
        print_machine(machine)
        print(f"Median (min–max) of {options.rounds} rounds; single steps: {options.steps} a round")
        if not has_torch():
            print("PyTorch is not installed: its figures are left out.")
    rows = measure([name for name in chosen if threads_of[name] == options.threads], options)
    for threads in sorted(set(threads_of.values()) - {options.threads}):
        rows += measure_apart(
            [name for name in chosen if threads_of[name] == threads], threads, options
        )
    if options.json:
        figures = {"machine": machine, "rounds": options.rounds, "steps": options.steps}
        text = json.dumps(figures | {"rows": rows}, indent=1, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

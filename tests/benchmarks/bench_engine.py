"""The engine's speed, compared with the course's code, with PyTorch and with JAX.

    python tests/benchmarks/bench_engine.py [--only ROW] [--threads N] [--rounds N] [--steps N]
                                            [--names FILE] [--json FILE]

The ways take turns within a round, so that a slower machine affects all of them alike. From round
to round each continues where it was, so that all stay warm. A ratio is the median of the ratios of
the rounds. Ways that compute the same numbers have to reach the same loss from the same initial
parameters first. PyTorch's and JAX's figures are left out if they are not installed, and those of
the compiled kernels if ``python -m engine compile`` has not made them ready.

*products* is the matrix products of the same step, by NumPy, and nothing else.

NumPy's BLAS has one thread, as in the programs. In a row of two threads, a helper thread takes half
of the engine's batch, and PyTorch has two threads.
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
    "rnn-50": (
        "RNN 50, one name per step",
        1,
        "single_rnn",
        (
            50,
            {"course": 5.5, "torch": 12.0},
            {"course": 13.0, "torch": 25.0, "jax": 2.3},
        ),
    ),
    "rnn-100": ("RNN 100, one name per step", 1, "single_rnn", (100, {}, {})),
    "rnn-200": (
        "RNN 200, one name per step",
        1,
        "single_rnn",
        (200, {"course": 4.0, "torch": 4.0}, {"course": 4.5, "torch": 6.0, "jax": 2.0}),
    ),
    "gru-50": (
        "GRU 50, one name per step",
        1,
        "single_gated",
        ("gru", {"course": 3.0, "torch": 5.0}, {"course": 15.0, "torch": 20.0}),
    ),
    "lstm-50": (
        "LSTM 50, one name per step",
        1,
        "single_gated",
        ("lstm", {"course": 3.0, "torch": 5.0}, {"course": 15.0, "torch": 20.0}),
    ),
    "batch-lstm": (
        "LSTM 128+128, 128 names of 40, float32",
        2,
        "batch_lstm",
        ({"torch": 1.2, "products": 0.7}, {"torch": 1.6, "products": 0.85}),
    ),
    "batch-gru": (
        "GRU 128, 32 names, float32",
        1,
        "batch_gru",
        ({"torch": 2.0}, {"torch": 3.0}),
    ),
    "tell-gru": (
        "GRU 128 tells the kinds of 64 names, float32",
        1,
        "tell_gru",
        ({"torch": 1.5}, {"torch": 2.5}),
    ),
    "tell-gru-both": (
        "The same, both directions",
        1,
        "tell_gru_both",
        ({"torch": 1.5}, {"torch": 2.5}),
    ),
    "sampling": (
        "1,000 names at once, RNN 50",
        1,
        "sampling",
        ({"course": 80.0}, {"course": 150.0}),
    ),
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
    """Measure rows in this process."""
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
    """Measure rows in another process with this number of threads."""
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
    """Print one row: its rates, ratios and figures."""
    threads = f"{row['threads']} thread{'s' if row['threads'] > 1 else ''}"
    print(f"\n{row['what']} ({row['row']}, {threads})")
    for way, figure in row.get("rates", {}).items():
        print(f"  {way:<16}{write_spread(figure):>30} {row['unit']}")
    for way, figure in row.get("ratios", {}).items():
        way = f"{way} ({row['torch_way']})" if way == "torch" and "torch_way" in row else way
        goal = write_goal(figure) if "goal" in figure else ""
        print(f"  {'engine / ' + way:<25}{write_spread(figure):>21}x  {goal}")
    for way, figure in row.get("compiled_ratios", {}).items():
        goal = write_goal(figure) if "goal" in figure else ""
        print(f"  {'compiled / ' + way:<25}{write_spread(figure):>21}x  {goal}")
    for way, figure in row.get("figures", {}).items():
        print(f"  {way:<16}{write_spread(figure):>30} {row['unit']}  {write_goal(figure)}")
    sys.stdout.flush()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", choices=ROWS, help="one row; may be repeated")
    parser.add_argument(
        "--threads",
        type=int,
        metavar="N",
        help="threads of PyTorch; with 2 or more, the engine has a helper",
    )
    parser.add_argument("--rounds", type=int, default=25, metavar="N")
    parser.add_argument(
        "--steps", type=int, default=200, metavar="N", help="steps per round of each way"
    )
    parser.add_argument(
        "--names", type=Path, default=ROOT / "resources" / "names" / "dinosaurs.txt", metavar="FILE"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the figures to this file"
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing")
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
    machine = describe_machine("numpy", "numba", "torch", "jax")
    if not options.quiet:
        print_machine(machine)
        print(
            f"Median (min–max) of {options.rounds} rounds; single steps: {options.steps} per round"
        )
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

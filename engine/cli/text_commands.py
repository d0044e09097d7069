"""The commands of the command line that deal with running text."""

import argparse
import math
import time
from pathlib import Path

from engine.cli.arguments import blaming, one_of, positive_number, whole_number
from engine.cli.signal_handling import Interruption
from engine.data.text import Text, read_text
from engine.data.text_file import unify
from engine.data.wording import counted
from engine.evaluation.baselines import text_losses, uniform_loss
from engine.evaluation.originality import RUN, copied_runs, known_words
from engine.evaluation.text_loss import loss_of_text, loss_of_windows
from engine.runs.checkpoint import Checkpoint, load_network
from engine.sampling.text import Writer
from engine.storage.archive import CheckpointError
from engine.training.messages import Chunk
from engine.training.presets import TEXT_PRESETS, Preset
from engine.training.settings import MAX_BATCH, MAX_LENGTH
from engine.training.trainer import Trainer

_WRITTEN = 200
_JUDGED = 4_000
"""Symbols that a text model is judged by, at each temperature."""
_JUDGED_AT = (1.0, 0.5)

NAMES_OF_PRESETS = ("sonnets-course", "sonnets", "long")

TEXT_OPTIONS = ("preset", "window", "stride", "streams", "length", "lower_case", "minutes")
"""What `train` takes for running text only, as `argparse` names it."""


def preset_of(name: str) -> Preset:
    """Return the text preset that the command line knows by a name."""
    return TEXT_PRESETS[NAMES_OF_PRESETS.index(name)]


def add_text_options(train: argparse.ArgumentParser) -> None:
    """Add what `train` takes for running text."""
    text = train.add_argument_group("running text")
    text.add_argument("--text", action="store_true", help="the file is a running text")
    text.add_argument(
        "--preset",
        type=one_of(NAMES_OF_PRESETS),
        metavar=f"{{{','.join(NAMES_OF_PRESETS)}}}",
        default=NAMES_OF_PRESETS[-1],
        help="knobs that are not given otherwise: "
        + "; ".join(
            f"{name}: {preset.summary}"
            for name, preset in zip(NAMES_OF_PRESETS, TEXT_PRESETS, strict=True)
        )
        + " (default: %(default)s)",
    )
    ways = text.add_mutually_exclusive_group()
    length = whole_number(1, MAX_LENGTH)
    ways.add_argument("--window", type=length, metavar="N", help="symbols of a window")
    ways.add_argument(
        "--streams", type=whole_number(1, MAX_BATCH), metavar="N", help="streams read in parallel"
    )
    text.add_argument("--stride", type=length, default=3, metavar="N", help="between windows")
    text.add_argument("--length", type=length, default=64, metavar="N", help="symbols a step")
    text.add_argument("--lower-case", action="store_true", help="lower-case the text")
    text.add_argument(
        "--minutes", type=positive_number, metavar="M", help="train so long, whatever --steps says"
    )


def text_defaults(preset: Preset) -> dict[str, object]:
    """Return what a preset says, as options of `train`."""
    hyperparameters, settings = preset.hyperparameters, preset.settings
    names = ("learning_rate", "clip", "clipping", "optimizer", "batch", "dropout", "l2", "decay")
    kept = ("cell", "embedding", "dtype", "window", "stride", "length")
    return (
        {name: getattr(hyperparameters, name) for name in names}
        | {name: getattr(settings, name) for name in kept}
        | {"hidden": hyperparameters.widths, "lower_case": preset.lower_case}
    )


def run_text(
    trainer: Trainer, interruption: Interruption, steps: int, minutes: float | None = None
) -> bool:
    """Train until so many steps are made in all, and print what is measured on the way.

    Parameters
    ----------
    trainer : Trainer
        Of a text.
    interruption : Interruption
        That ends it before, with nothing measured at the end.
    steps : int
        Of no account where there are minutes.
    minutes : float, optional
        To train.

    Returns
    -------
    bool
        False if the loss was no number any more.
    """
    _print_measured(trainer, trainer.opening(), 0.0)
    seconds, most, begun = 0.0, 60.0 * minutes if minutes else math.inf, trainer.step
    steps = begun + 10**9 if minutes else steps
    while trainer.step < steps and seconds < most:
        start = time.perf_counter()
        chunk = trainer.run(steps - trainer.step, min(most - seconds, 1.0))
        seconds += time.perf_counter() - start
        if trainer.divergence is not None:
            return False
        if interruption.is_asked:  # who reads the output may have ended with it: nothing is printed
            return True
        _print_measured(trainer, chunk, seconds)
    made = trainer.step - begun
    print(f"{counted(made, 'step')} in {seconds:.2f} s: {made / seconds:,.1f} a second.")
    loss = trainer.held_out_loss()
    if loss is not None:
        print(
            f"Held out: {_units(loss.nats_per_character)} "
            f"(guessing: {_units(uniform_loss(len(trainer.vocabulary)))})."
        )
    return True


def add_write(write: argparse.ArgumentParser) -> None:
    """Add what `write` takes."""
    write.add_argument("model", metavar="MODEL.npz")
    write.add_argument("--prompt", default="", metavar="S", help="what the text begins with")
    write.add_argument("--length", type=whole_number(1), default=500, metavar="N")
    write.add_argument("--temperature", type=positive_number, default=1.0, metavar="T")
    write.add_argument("--seed", type=whole_number(0), default=0, metavar="N")


def write_text(options: argparse.Namespace) -> int:
    """Continue a beginning, and print it symbol by symbol."""
    model = load_network(options.model)
    if model.kind != "text":
        raise CheckpointError(
            f"“{Path(options.model).name}” has learned names. Write them with: sample."
        )
    with blaming("--prompt"):
        model.vocabulary.encode(unify(options.prompt, lower_case=model.lower_case))
    writer = Writer(
        model.parameters,
        model.vocabulary,
        options.prompt,
        seed=options.seed,
        temperature=options.temperature,
        window=model.window,
        lower_case=model.lower_case,
    )
    print(writer.text, end="")
    for _ in range(options.length):
        print(writer.write(), end="", flush=True)
    print()
    return 0


def evaluate_text(model: Checkpoint, path: str) -> int:
    """Measure a text model beside models that count, and what it writes beside what it read."""
    text = read_text(path, lower_case=model.lower_case)
    symbols = text.in_terms_of(model.vocabulary)
    n_symbols = len(model.vocabulary)
    training, held_out = Text(
        text.source, symbols, model.vocabulary, text.lines, text.longest_line, text.lower_case
    ).split(model.held_out or 0.5)
    if model.window is None:
        network = loss_of_text(model.parameters, training, held_out)
    else:
        network = loss_of_windows(model.parameters, training, held_out, model.window)
    rows = [("network, held-out end", network)]
    for order, loss in enumerate(text_losses(training, held_out, n_symbols), start=1):
        rows.append((f"{order}-gram, held-out end", loss))
    print(f"{'':30}{'nats per symbol':>16}{'bits per symbol':>16}")
    for title, loss in rows:
        _print_row(title, loss.nats_per_character)
    _print_row("uniform guessing", uniform_loss(n_symbols))
    _judge(model, model.vocabulary.decode(training))
    return 0


def _judge(model: Checkpoint, read: str) -> None:
    """Print how much of what the network writes is words, and how much is copied."""
    written = [
        Writer(model.parameters, model.vocabulary, temperature=each, window=model.window).write(
            _JUDGED
        )
        for each in _JUDGED_AT
    ]
    print(f"\n{f'Of {_JUDGED:,} symbols written at temperature':48}", end="")
    print("".join(f"{each:>8g}" for each in _JUDGED_AT))
    for title, share in (
        ("words that occur in the training text", known_words),
        (f"runs of {RUN} symbols copied from it", copied_runs),
    ):
        print(f"{title:48}" + "".join(f"{share(text, read):>8.1%}" for text in written))


def _print_measured(trainer: Trainer, chunk: Chunk, seconds: float) -> None:
    """Print what a stretch measured, and some text."""
    for measured in chunk.held_out:
        print(
            f"Step {measured.step:,}, {seconds:.0f} s, epoch {trainer.epoch:.2f}: held out "
            f"{_units(measured.nats_per_character)}"
            + (
                ""
                if trainer.smoothed_loss is None
                else f", training {_units(trainer.smoothed_loss)}"
            )
        )
        if measured.step:
            writer = Writer(
                trainer.parameters,
                trainer.vocabulary,
                seed=measured.step,
                window=trainer.settings.window,
            )
            print(f"{writer.write(_WRITTEN).strip()}\n", flush=True)


def _units(nats: float) -> str:
    return f"{nats:.4f} nats, {nats / math.log(2):.4f} bits per symbol"


def _print_row(title: str, nats: float) -> None:
    print(f"{title:30}{nats:16.4f}{nats / math.log(2):16.4f}")

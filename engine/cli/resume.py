"""The command ``resume``: continue a saved run."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from engine.cli.cli_training import Log, train_and_save, unit_of
from engine.cli.command import Command
from engine.cli.kinds.introduction import describe_balance
from engine.cli.options.arguments import (
    OptionError,
    blaming,
    file_name,
    positive_number_up_to,
    whole_number,
)
from engine.cli.options.backend_option import add_backend, set_backend
from engine.cli.options.kind_options import add_balance
from engine.cli.options.output_files import add_force, check_run_output
from engine.cli.options.saved_run import add_saved_run, data_of_run, trainer_at
from engine.cli.options.train_options import add_end_options
from engine.cli.terminal.messages import print_message
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import counted
from engine.nn.fast.split_batches import Helper
from engine.runs.run_file import SavedRun, load_run, save_run
from engine.runs.saved_curves import curve_extras, read_curves
from engine.runs.saved_log import log_extras, read_log
from engine.storage.files import check_writable
from engine.training.curves.run_curves import Curves
from engine.training.ending import Ended, Until
from engine.training.history.checkpoints import Checkpoints
from engine.training.ranges import MAX_LEARNING_RATE, MAX_STEPS
from engine.training.recipes import COURSE_ITERATIONS
from engine.training.trainer import Trainer


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_run(parser)
    parser.add_argument(
        "--steps",
        type=whole_number(1, MAX_STEPS),
        metavar="N",
        help="number of further steps (default: up to the end that is set in the run, "
        f"or {COURSE_ITERATIONS:,} if it has passed it)",
    )
    add_end_options(parser, "how much longer to train, instead of --steps or besides")
    parser.add_argument(
        "--at",
        type=whole_number(0, MAX_STEPS),
        metavar="STEP",
        help="go on from this earlier step instead, as a run of its own; needs --save",
    )
    parser.add_argument(
        "--go-back",
        action="store_true",
        help="first go back to the last network whose loss was healthy, and halve the learning "
        "rate",
    )
    parser.add_argument(
        "--learning-rate",
        type=positive_number_up_to(MAX_LEARNING_RATE),
        metavar="X",
        help="set the learning rate, which holds from the next step on, and falls from there if it "
        "has a decay (default: it goes on as in the run)",
    )
    add_balance(parser, "default: as in the run")
    add_backend(parser, "default: as in the run")
    parser.add_argument(
        "--save",
        type=file_name,
        metavar="FILE.npz",
        help="where to save the run (default: RUN.npz)",
    )
    add_force(parser, "the file of --save even if it is not a saved run")


def _check_balance(saved: SavedRun) -> None:
    """Check that the run draws kinds.

    Raises
    ------
    OptionError
        If it does not.
    """
    network = saved.network
    what = "tunes" if network.kind == "melodies" else "names"
    if not network.kinds:
        raise OptionError(f"--balance needs {what} with kinds, and those of this run have none.")
    if network.kind == "melodies" and network.parameters.architecture.task == "write":
        raise OptionError(
            "--balance needs a run that tells kinds: to play, each epoch reads all tunes once."
        )


def _run(options: argparse.Namespace) -> int:
    """Continue a run as if it had never been saved, and save it."""
    path = options.save or options.run
    if options.at is not None and options.save is None:
        raise OptionError("--at needs --save FILE.npz, as the run goes on in another file.")
    saved = load_run(options.run)
    if options.balance is not None:
        _check_balance(saved)
    if saved.damage:
        print_message(saved.damage)
    asked = _asked(options, saved)
    until = _until(saved, asked, options.at)
    if options.save is None:
        check_writable(path)
    else:
        # The longer run stays as it is when an earlier step is gone on from.
        inputs = [*(options.data.places if options.data is not None else ())]
        inputs += [] if options.at is None else [options.run]
        check_run_output(path, inputs, force=options.force)
    corpus = data_of_run(saved, options.data, options)
    # What else is in the file, such as names that were written, describes the run up to its end.
    extras = dict(saved.extras) if options.at is None else {}
    seconds_before = saved.seconds * _share(saved, options.at)
    with ThreadPoolExecutor(1) as helper:
        trainer = _trainer(saved, corpus, helper, options.at)
        curves, log = _curves(saved, trainer), _log(saved, trainer)
        trainer.set_until(until, expects_loss=options.until_loss is not None)
        print_message(f"Resuming at step {trainer.step:,} with “{corpus.source}”.")
        if options.go_back:
            trainer.go_back(halve_rate=True)
            print_message(
                f"The network is back to what it was after step {trainer.good_step:,}, and the "
                f"learning rate is {trainer.learning_rate:.3g}."
            )
        if options.learning_rate is not None:
            _set_learning_rate(trainer, options.learning_rate)
        set_backend(trainer, options.backend)
        if options.balance is not None:
            _set_balance(trainer, options.balance)
        return train_and_save(
            trainer,
            path,
            lambda seconds: save_run(
                path,
                corpus,
                trainer.state(),
                extras | curve_extras(curves) | log_extras(log) | {"seconds": seconds},
                with_data=saved.corpus is not None,
                checkpoints=trainer.checkpoints or (),
            ),
            curves,
            log,
            keep_best=options.keep_best,
            seconds_before=seconds_before,
            describe_end=lambda ended: _describe_end(ended, asked, unit_of(trainer)),
        )


def _trainer(saved: SavedRun, corpus: Corpus | Text, helper: Helper, step: int | None) -> Trainer:
    """Return the run as it was saved, or as it was after an earlier step."""
    trainer = saved.resume(corpus, helper)
    if step is None:
        return trainer
    trainer = trainer_at(saved, step, corpus, helper)
    trainer.checkpoints = Checkpoints(each for each in saved.checkpoints if each.step <= step)
    return trainer


def _curves(saved: SavedRun, trainer: Trainer) -> Curves:
    """Return the curves of the run up to the step at which it goes on, and say if there are none.

    Curves that were not kept, or are damaged, begin there.
    """
    try:
        kept = read_curves(saved.extras, saved.state.step)
    except ValueError as error:
        print_message(f"The curve in the file is damaged, and begins anew: {error}")
        kept = None
    curves = Curves() if kept is None else kept.up_to(trainer.step)
    loss, characters = trainer.smoothed_loss, trainer.smoothed_characters
    if not curves.has_losses and loss is not None:
        curves.begin_smoothed(trainer.step, loss, characters or 1.0)
    return curves


def _log(saved: SavedRun, trainer: Trainer) -> Log:
    """Return the log of the run up to the step at which it goes on; a damaged one begins anew."""
    try:
        return [entry for entry in read_log(saved.extras) if entry.steps_made <= trainer.step]
    except ValueError as error:
        print_message(f"The log in the file is damaged, and begins anew: {error}")
        return []


def _share(saved: SavedRun, step: int | None) -> float:
    """Return how much of the run's steps, and so about of its time, is gone on from."""
    steps = saved.state.step
    return 1.0 if step is None or not steps else step / steps


def _set_learning_rate(trainer: Trainer, rate: float) -> None:
    """Let a rate hold from the next step on, even if it is the one that was set before."""
    trainer.set_hyperparameters(
        replace(trainer.hyperparameters, learning_rate=rate), sets_rate=True
    )


def _set_balance(trainer: Trainer, balance: float) -> None:
    """Draw kinds as evenly as that, from the next step on, and say so."""
    trainer.set_hyperparameters(replace(trainer.hyperparameters, balance=balance))
    print_message(f"Kinds are drawn {describe_balance(balance)} from now on.")


def _asked(options: argparse.Namespace, saved: SavedRun) -> Until:
    """Return what this command line asks for: further steps and minutes, a loss, a patience.

    Raises
    ------
    OptionError
        If an option does not suit the run.
    """
    state = saved.state
    if not state.recipe.holds_out and (options.keep_best or options.patience is not None):
        name = "--keep-best" if options.keep_best else "--patience"
        raise OptionError(f"{name} needs held-out data, and this run holds nothing out.")
    steps, until = options.steps, state.until
    begin = state.step if options.at is None else options.at
    is_ahead = begin < (until.steps or 0) or saved.seconds < 60 * (until.minutes or 0)
    if steps is None and options.minutes is None and not is_ahead:
        steps = COURSE_ITERATIONS
    return Until(steps, options.minutes, options.until_loss, options.patience)


def _until(saved: SavedRun, asked: Until, step: int | None) -> Until:
    """Return when the run ends: as it is set in the run, changed by what is asked for.

    Raises
    ------
    OptionError
        If no run goes on for so long.
    """
    until = saved.state.until
    begin = saved.state.step if step is None else step
    seconds = saved.seconds * _share(saved, step)
    if asked.steps is not None or asked.minutes is not None:
        with blaming("--steps" if asked.minutes is None else "--minutes"):
            until = replace(
                until,
                steps=None if asked.steps is None else begin + asked.steps,
                minutes=None if asked.minutes is None else seconds / 60 + asked.minutes,
            )
    return replace(
        until,
        loss=until.loss if asked.loss is None else asked.loss,
        patience=until.patience if asked.patience is None else asked.patience,
    )


def _describe_end(ended: Ended, asked: Until, unit: str) -> str:
    """Say why the run has ended: by what was asked for now, or by what is set in the run.

    Parameters
    ----------
    ended : Ended
        Counts steps and minutes from the beginning of the run.
    asked : Until
        Counts them from where the run was resumed.
    unit : str
        What the losses of the run are in.
    """
    reason, total = ended.reason, ended.until
    if reason == "loss":
        why = f": the loss has reached {total.loss:g} {unit}"
    elif reason == "patience":
        return ended.sentence()
    elif reason == "steps":
        why = "" if asked.steps is None else f", after {counted(asked.steps, 'more step')}"
    else:
        in_all = Until(minutes=total.minutes).describe()
        why = f", after {in_all} in all"
        if asked.minutes is not None:
            further = Until(minutes=asked.minutes).describe().replace(" ", " more ")
            why = f", after {further}, {in_all} in all"
    is_asked = getattr(asked, reason) is not None
    return f"Ended at step {ended.step:,}{why}{'' if is_asked else ', as set in the run'}."


RESUME = Command(
    "resume",
    "continue a saved run",
    "Continues a run as if it had never been saved: N more steps give the same parameters, to the "
    "bit, as training without a break.",
    _add_options,
    _run,
)

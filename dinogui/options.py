"""The window's command line. Nothing here imports Qt or NumPy: --help works on any machine."""

import argparse
from collections.abc import Sequence

from dinogui import __version__
from engine.cli.arguments import file_name, whole_number
from engine.training.ranges import MAX_SEED, MAX_STEPS

SCREENSHOT_STEPS = 20_000


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the arguments of ``dinogui``.

    Returns
    -------
    argparse.Namespace
        names, seed, screenshot, steps and reset_settings.
    """
    parser = argparse.ArgumentParser(
        prog="dinogui",
        description="Watch a recurrent network learn to spell dinosaur names, your own, or text.",
        epilog="Without a window: python -m engine --help",
    )
    parser.add_argument(
        "names",
        nargs="?",
        type=file_name,
        metavar="FILE",
        help="a UTF-8 file of one name per line or of running text, which is detected from its "
        "beginning, or a saved RUN.npz (default: what was open last, or DinoGUI's own dinosaurs)",
    )
    parser.add_argument(
        "--seed",
        type=whole_number(0, MAX_SEED),
        metavar="N",
        help="the same seed gives the same run and the same names (default: the last run's, or 0)",
    )
    parser.add_argument("--version", action="version", version=f"DinoGUI {__version__}")
    parser.add_argument(
        "--screenshot",
        type=file_name,
        metavar="PNG",
        help="train, save a screenshot of the whole window, and exit; needs no display",
    )
    parser.add_argument(
        "--steps",
        type=whole_number(0, MAX_STEPS),
        metavar="N",
        help=f"steps to train before the screenshot is taken (default: {SCREENSHOT_STEPS})",
    )
    parser.add_argument(
        "--reset-settings",
        action="store_true",
        help="forget the window's layout, the recent files and all other settings",
    )
    options = parser.parse_args(arguments)
    if options.steps is not None and options.screenshot is None:
        parser.error("argument --steps: can only be used with --screenshot.")
    if options.steps is None:
        options.steps = SCREENSHOT_STEPS
    return options

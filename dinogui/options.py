"""The window's command line. Nothing here imports Qt or NumPy: --help works on any machine."""

import argparse
from collections.abc import Sequence

from dinogui import __version__
from engine.cli.options.arguments import file_name, one_of, whole_number
from engine.training.ranges import MAX_SEED, MAX_STEPS

SCREENSHOT_STEPS = 20_000

_MOST_PIXELS = 8192
"""The longest side of a screenshot: the picture of a square takes 256 MB."""

_LARGEST_SCALE = 4.0

_OF_SCREENSHOT = (
    "open",
    "steps",
    "size",
    "scale",
    "theme",
    "panels",
    "speed",
    "at",
    "blend",
    "what_if",
    "chords",
    "keyboard",
    "race",
)
"""The options that need --screenshot."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the arguments of ``dinogui``.

    Returns
    -------
    argparse.Namespace
        names, seed, melodies, reset_settings, and of the screenshot: screenshot, open, steps, size,
        scale, theme, panels, speed, at, blend, what_if, chords, keyboard and race.
    """
    parser = argparse.ArgumentParser(
        prog="dinogui",
        description="Watch a recurrent network learn to spell dinosaur names, your own, or text.",
        epilog="Without a window: python -m engine --help",
    )
    parser.add_argument(
        "names",
        nargs="*",
        type=file_name,
        metavar="FILE",
        help="names or running text, which is detected from the beginning: a file, several files, "
        "folders, zip archives, or “-” for the standard input; or a saved RUN.npz (default: what "
        "was open last, or DinoGUI's own dinosaurs)",
    )
    parser.add_argument(
        "--seed",
        type=whole_number(0, MAX_SEED),
        metavar="N",
        help="the same seed gives the same run and the same names (default: the last run's, or 0)",
    )
    parser.add_argument(
        "--melodies",
        action="store_true",
        help="read the FILE as melodies, such as tunes in ABC notation, which are text as well",
    )
    parser.add_argument("--version", action="version", version=f"DinoGUI {__version__}")
    parser.add_argument(
        "--reset-settings",
        action="store_true",
        help="forget the window's layout, the recent files and all other settings",
    )
    _add_screenshot(parser)
    options = parser.parse_intermixed_args(arguments)
    for name in _OF_SCREENSHOT:
        if getattr(options, name) is not None and options.screenshot is None:
            option = name.replace("_", "-")
            parser.error(f"argument --{option}: can only be used with --screenshot.")
    if options.melodies and not options.names:
        parser.error("argument --melodies: needs a FILE.")
    if options.open is not None and options.names:
        parser.error("argument --open: cannot be used with a FILE.")
    of_runs = (
        *(options.open, options.steps, options.speed, options.at, options.blend, options.what_if),
        *(options.chords, options.keyboard, options.names or None),
    )
    if options.race is not None and any(each is not None for each in of_runs):
        parser.error("argument --race: cannot be used with a run.")
    if options.steps is None:
        options.steps = SCREENSHOT_STEPS if options.open is None else 0
    return options


def _add_screenshot(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("screenshot")
    group.add_argument(
        "--screenshot",
        type=file_name,
        metavar="PNG",
        help="train, save a screenshot of the whole window, and exit; needs no display",
    )
    group.add_argument(
        "--open",
        type=file_name,
        metavar="RUN",
        help="show this saved run, as it was saved unless --steps goes further",
    )
    group.add_argument(
        "--steps",
        type=whole_number(0, MAX_STEPS),
        metavar="N",
        help="the step up to which it is trained before the screenshot is taken "
        f"(default: {SCREENSHOT_STEPS})",
    )
    group.add_argument(
        "--size",
        type=_size,
        metavar="WxH",
        help="its exact width and height in pixels (default: 1100x700, times the scale)",
    )
    group.add_argument(
        "--scale",
        type=_scale,
        metavar="X",
        help="pixels of the screenshot for each of the window's, as 2 for 200 %% (default: 1)",
    )
    group.add_argument(
        "--theme",
        type=one_of(("light", "dark")),
        metavar="NAME",
        help="light or dark (default: light)",
    )
    group.add_argument(
        "--panels",
        type=_words,
        metavar="NAME,...",
        help="the panels that are open, the first of them in front; each is named as its page in "
        "the handbook, for example next_letter",
    )
    group.add_argument(
        "--speed",
        type=one_of(("1", "10", "100", "full")),
        metavar="NAME",
        help="1, 10, 100 or full: the speed at which the last three steps are made (default: full)",
    )
    group.add_argument(
        "--at",
        type=whole_number(0, MAX_STEPS),
        metavar="STEP",
        help="look back at this step when it is trained",
    )
    group.add_argument(
        "--blend",
        metavar="KIND=W,...",
        help="the kinds of names that a network that is told kinds writes, as for the command "
        "“sample”",
    )
    group.add_argument(
        "--what-if",
        type=one_of(("learning_rate", "clip", "widths")),
        metavar="KNOB",
        help="learning_rate, clip or widths: show the futures with this knob turned, from the step "
        "that is shown",
    )
    group.add_argument(
        "--chords",
        metavar="LINE",
        help="the chords over which a melody is improvised, such as “| Dm7 | G7 |”",
    )
    group.add_argument(
        "--keyboard",
        action="store_const",
        const=True,
        help="show the keyboard on which the beginning of a melody is played",
    )
    group.add_argument(
        "--race",
        type=file_name,
        metavar="FOLDER",
        help="show this saved race instead of a run",
    )


def _size(text: str) -> tuple[int, int]:
    """Parse a width and a height in pixels."""
    numbers = text.split("x")
    are_numbers = all(part.isascii() and part.isdigit() for part in numbers)
    if len(numbers) != 2 or not are_numbers:
        raise argparse.ArgumentTypeError(f"“{text}” is not a size such as 1600x1000.")
    side = whole_number(1, _MOST_PIXELS)
    return side(numbers[0]), side(numbers[1])


def _scale(text: str) -> float:
    """Parse a number from 1 to `_LARGEST_SCALE`."""
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 1 <= scale <= _LARGEST_SCALE:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 1 to {_LARGEST_SCALE:g}.")
    return scale


def _words(text: str) -> tuple[str, ...]:
    """Parse words that are separated by commas."""
    return tuple(word.strip() for word in text.split(","))

"""What the command ``write`` does with a network that was trained on melodies."""

import argparse
import shlex
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from engine.cli.options.arguments import (
    OptionError,
    blaming,
    one_of,
    positive_number_up_to,
    share_of_one,
    whole_number,
)
from engine.cli.options.kind_options import chosen_blend
from engine.cli.terminal.messages import print_message
from engine.melody.chords import ChordLine, read_chords
from engine.melody.contents import content_of
from engine.melody.metres import bar_of
from engine.melody.note import DEFAULT_TEMPO, Melody, Note
from engine.melody.sound.swing import STRAIGHT, check_swing
from engine.melody.symbols import note_names
from engine.melody.typed_notes import read_notes
from engine.nn.kinds import Blend, of_blend
from engine.runs.run_file import usual_bars_and_tempo
from engine.runs.saved_network import SavedNetwork
from engine.sampling.decoding import SamplingError
from engine.sampling.melody.improvise import improvise
from engine.sampling.melody.request import (
    DEFAULT_BARS,
    DEFAULT_TEMPERATURE,
    MAX_BARS,
    MelodyRequest,
)
from engine.storage.files import atomic_writer

FORMATS = ("text", "midi", "wav", "abc")
"""What a melody can be written as."""

_SUFFIXES = {".mid": "midi", ".midi": "midi", ".wav": "wav", ".abc": "abc", ".txt": "text"}
_FASTEST = 1_000.0
_DEFAULTS: dict[str, Any] = {
    "bars": DEFAULT_BARS,
    "metre": Fraction(4),
    "tempo": DEFAULT_TEMPO,
    "swing": STRAIGHT,
    "begin": (),
    "chords": None,
    "stay_in_chord": 0.0,
    "format": None,
}


def add_melody_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for melodies. Those that are not given are absent from the result."""
    group = parser.add_argument_group("a network trained on melodies")
    options = (
        ("--bars", whole_number(1, MAX_BARS), "N", f"length in bars (default: {DEFAULT_BARS})"),
        ("--metre", _metre, "M/N", "metre, such as 3/4 (default: that of the run's tunes)"),
        (
            "--tempo",
            positive_number_up_to(_FASTEST),
            "X",
            f"beats a minute (default: that of the run's tunes, or {DEFAULT_TEMPO:g})",
        ),
        (
            "--swing",
            _swing,
            "X",
            "where the second eighth of a beat falls, from 0.5, straight, to 0.75 (default: 0.5)",
        ),
        ("--begin", _notes, "NOTES", "notes that it begins with: “C4 1 Bb4 1/2 rest 1”"),
        ("--chords", _chords, "LINE", "chords under it: “| Dm7 | G7 | Cmaj7 |”"),
        (
            "--stay-in-chord",
            share_of_one,
            "X",
            "how much less likely notes outside of the chord are, from 0 to 1 (default: 0)",
        ),
        (
            "--format",
            one_of(FORMATS),
            f"{{{','.join(FORMATS)}}}",
            "what to write (default: as the file's name ends, or text)",
        ),
    )
    for flag, parse, metavar, text in options:
        group.add_argument(flag, type=parse, metavar=metavar, help=text, default=argparse.SUPPRESS)


def check_no_melody_options(options: argparse.Namespace) -> None:
    """Check that no option for melodies is given, as the network was not trained on any.

    Raises
    ------
    OptionError
        If one is.
    """
    given = next((name for name in _DEFAULTS if name in vars(options)), None)
    if given is not None:
        raise OptionError(
            f"--{given.replace('_', '-')} needs a network that was trained on melodies."
        )


def write_melody(options: argparse.Namespace, model: SavedNetwork) -> None:
    """Let a network improvise, and write what it plays.

    Raises
    ------
    OptionError
        If an option is not for melodies, or does not go with the others.
    """
    _check_options(options)
    usual = usual_bars_and_tempo(options.model)
    known = {} if usual is None else {"metre": usual[0], "tempo": usual[1]}
    chosen = argparse.Namespace(**(_DEFAULTS | known | vars(options)))
    form = _form_of(chosen)
    _check_form(options, form)
    if form in ("midi", "wav") and chosen.output is None and sys.stdout.isatty():
        raise OptionError(f"--format {form} needs --output, as a terminal cannot show it.")
    with blaming("--temperature"):
        request = MelodyRequest(
            chosen.bars,
            chosen.metre,
            chosen.seed,
            DEFAULT_TEMPERATURE if chosen.temperature is None else chosen.temperature,
            chosen.greedy,
            chosen.top_k,
            chosen.top_p,
            chosen.begin,
            chosen.chords,
            chosen.stay_in_chord,
        )
    parameters = model.parameters
    blend = _blend_of(options, model)
    if blend is not None:
        parameters = of_blend(parameters, blend)
    played = improvise(parameters, model.vocabulary, request, chosen.tempo)
    if played.melody.notes[: played.n_prefix] != chosen.begin:
        begun = note_names(played.melody.notes[: played.n_prefix]) or "nothing"
        print_message(f"It begins with {begun}: the network does not know all notes of --begin.")
    content = _content(played.melody, form, chosen)
    if chosen.output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    with atomic_writer(chosen.output) as file:
        file.write(content)
    notes = played.melody.n_notes
    print_message(f"Wrote {chosen.bars} bars, {notes} notes, to “{chosen.output}”.")


def _blend_of(options: argparse.Namespace, model: SavedNetwork) -> Blend | None:
    """Return the blend of kinds that was chosen; None if the network knows none.

    Raises
    ------
    OptionError
        If it knows some, and none was chosen, or one that it does not know.
    """
    chosen = chosen_blend(options, model.kinds)
    if chosen is None and model.kinds:
        raise OptionError(
            f"The network plays tunes of {len(model.kinds):,} kinds. Choose one, such as "
            f"--kind {shlex.quote(model.kinds[0])}, or several with --blend."
        )
    return None if chosen is None else chosen[1]


def _form_of(chosen: argparse.Namespace) -> str:
    """Return what to write: as is said, or else as the file's name ends.

    Raises
    ------
    OptionError
        If its ending stands for nothing that can be written.
    """
    if chosen.format is not None or chosen.output is None:
        return str(chosen.format or "text")
    ending = Path(chosen.output).suffix.lower()
    if ending not in _SUFFIXES:
        raise OptionError(
            f"--output: “{chosen.output}” does not say what to write. Let its name end in "
            f"{', '.join(_SUFFIXES)}, or choose --format."
        )
    return _SUFFIXES[ending]


def _check_form(options: argparse.Namespace, form: str) -> None:
    """Check that no option is given that makes no difference to what is written.

    Raises
    ------
    OptionError
        If one is.
    """
    for name, forms in (("swing", ("midi", "wav")), ("tempo", ("midi", "wav", "abc"))):
        if name in vars(options) and form not in forms:
            written = "notes as text" if form == "text" else "ABC"
            raise OptionError(f"--{name} makes no difference to {written}. Leave it out.")


def _check_options(options: argparse.Namespace) -> None:
    if vars(options).get("stay_in_chord") and not vars(options).get("chords"):
        raise OptionError("--stay-in-chord needs --chords.")
    given = {
        "--prompt": options.prompt,
        "--prompt-file": options.prompt_file,
        "--length": options.length,
        "--until": options.until,
    }
    for option, value in given.items():
        if value:
            raise OptionError(
                f"{option} needs a network that was trained on a text. Melodies have --begin and "
                "--bars."
            )


def _content(melody: Melody, form: str, chosen: argparse.Namespace) -> bytes:
    if form == "text":
        bars = dict(melody.in_bars())
        places = range(min(bars, default=1), max(bars, default=0) + 1)
        return "".join(f"{note_names(bars.get(place, []))}\n" for place in places).encode()
    return content_of(form, melody, chosen.chords, chosen.swing)


def _metre(text: str) -> Fraction:
    above, _, below = text.partition("/")
    if not (above.isdecimal() and below in ("1", "2", "4", "8", "16") and 1 <= int(above) <= 32):
        raise argparse.ArgumentTypeError(f"“{text}” is not a metre such as 4/4, 3/4 or 6/8.")
    bar = bar_of((int(above), int(below)))
    try:
        return MelodyRequest(bar=bar).bar
    except SamplingError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _swing(text: str) -> float:
    try:
        value = float(text)
        check_swing(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 0.5 to 0.75.") from None
    return value


def _notes(text: str) -> tuple[Note, ...]:
    try:
        return read_notes(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _chords(text: str) -> ChordLine | None:
    try:
        return read_chords(text) or None
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None

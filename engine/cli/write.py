"""The command ``write``: continue a text, or improvise a melody."""

import argparse
from pathlib import Path

from engine.cli.command import Command
from engine.cli.melodies.writing import (
    add_melody_options,
    check_no_melody_options,
    write_melody,
)
from engine.cli.options.arguments import (
    OptionError,
    blaming,
    file_name,
    probability,
    temperature,
    whole_number,
)
from engine.cli.options.kind_options import add_blend_options
from engine.cli.options.output_files import add_force, check_text_output
from engine.cli.options.saved_run import (
    add_saved_network,
    saved_network,
    tells_and_does_not_write,
)
from engine.cli.terminal.messages import ask_for_input, print_message
from engine.data.reading.encodings import decode
from engine.data.sources.file_source import file_part, too_large
from engine.data.sources.pasted_source import STANDARD_INPUT, StandardInput
from engine.runs.saved_network import SavedNetwork
from engine.sampling.melody.request import DEFAULT_TEMPERATURE
from engine.sampling.prompts import unified_prompt
from engine.sampling.text import TextGenerator
from engine.storage.archive import CheckpointError
from engine.storage.files import atomic_writer

_LENGTH = 500
"""Symbols that are written if the text has no end."""

_LONGEST = 10_000
"""Most symbols that are written on the way to an end."""

_MAX_PROMPT_BYTES = 10_000_000


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_network(parser)
    prompt = parser.add_mutually_exclusive_group()
    prompt.add_argument("--prompt", default="", metavar="S", help="what the text begins with")
    prompt.add_argument(
        "--prompt-file",
        type=file_name,
        metavar="FILE.txt",
        help="a file with what the text begins with, or “-” for the standard input; a newline at "
        "its end is left out",
    )
    parser.add_argument(
        "--length",
        type=whole_number(1),
        metavar="N",
        help=f"the most symbols to write (default: {_LENGTH}, or {_LONGEST:,} up to an end)",
    )
    parser.add_argument(
        "--until",
        metavar="S",
        help="end when S has been written; the empty text never comes (default: the end of a "
        "document, if the network was trained on documents)",
    )
    _add_decoding_options(parser)
    add_melody_options(parser)
    add_blend_options(parser, plays=True)
    parser.add_argument(
        "--output",
        type=file_name,
        metavar="FILE",
        help="where to write it (default: the terminal)",
    )
    add_force(parser, "the file of --output if it exists")


def _add_decoding_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--temperature",
        type=temperature,
        metavar="T",
        help="below 1, likely symbols become likelier (default: 1, or "
        f"{DEFAULT_TEMPERATURE:g} for melodies)",
    )
    parser.add_argument(
        "--top-k", type=whole_number(1), metavar="K", help="choose among the K likeliest symbols"
    )
    parser.add_argument(
        "--top-p",
        type=probability,
        default=1.0,
        metavar="P",
        help="choose among the likeliest symbols that sum to P",
    )
    parser.add_argument("--greedy", action="store_true", help="always choose the likeliest symbol")
    parser.add_argument(
        "--seed",
        type=whole_number(0),
        default=0,
        metavar="N",
        help="the same seed gives the same text (default: %(default)s)",
    )


def _run(options: argparse.Namespace) -> int:
    """Write the prompt, and continue it symbol by symbol."""
    if options.prompt_file == STANDARD_INPUT and options.data and not options.data.places:
        raise OptionError("The standard input cannot be both the prompt and the data.")
    model = saved_network(options)
    if model.kind == "names":
        raise CheckpointError(
            f"“{Path(options.model).name}” was trained on names. Use the command sample."
        )
    if model.parameters.architecture.task == "tell":
        raise CheckpointError(tells_and_does_not_write(options.model, model.kind))
    if options.output is not None:
        prompt = None if options.prompt_file == STANDARD_INPUT else options.prompt_file
        inputs = (options.model, prompt, options.data)
        what = "Texts do" if model.kind == "text" else "Melodies do"
        check_text_output(options.output, inputs, what, force=options.force)
    if model.kind == "melodies":
        write_melody(options, model)
        return 0
    check_no_melody_options(options)
    generator = _generator(options, model)
    until, length = _end(options, model)
    symbols = generator.write_until(length, until)
    if options.output is None:
        print(generator.text, end="")
        for symbol in symbols:
            print(symbol, end="", flush=True)
        print()
    else:
        text = "".join((generator.text, *symbols, "\n"))
        with atomic_writer(options.output) as file:
            file.write(text.encode())
    _say_if_cut(model, generator, until, length)
    return 0


def _generator(options: argparse.Namespace, model: SavedNetwork) -> TextGenerator:
    """Return a generator that has read the prompt."""
    prompt, option = options.prompt, "--prompt"
    if options.prompt_file is not None:
        prompt, option = _read_prompt(options.prompt_file), "--prompt-file"
    with blaming(option):
        model.vocabulary.encode(unified_prompt(prompt, lower_case=model.lower_case))
    return TextGenerator(
        model.parameters,
        model.vocabulary,
        prompt,
        seed=options.seed,
        temperature=1.0 if options.temperature is None else options.temperature,
        greedy=options.greedy,
        top_k=options.top_k,
        top_p=options.top_p,
        window=model.window,
        lower_case=model.lower_case,
        document_break=model.document_break,
    )


def _read_prompt(path: str) -> str:
    """Read a prompt. Editors end a file with a newline, which is no part of it."""
    with blaming("--prompt-file"):
        if path == STANDARD_INPUT:
            ask_for_input("prompt")
            (part,) = StandardInput().parts()
        else:
            part = file_part(Path(path), Path(path).name)
        if part.size > _MAX_PROMPT_BYTES:
            raise too_large(part.name, part.size, _MAX_PROMPT_BYTES)
        prompt = decode(b"".join(part.chunks()), None, part.name).text
    return prompt.removesuffix("\n")


def _end(options: argparse.Namespace, model: SavedNetwork) -> tuple[str | None, int]:
    """Return what ends the text, as for `TextGenerator.write_until`, and the most symbols."""
    until: str | None = options.until
    separator = model.document_break and model.document_break.strip("\n")
    if separator and until == separator:
        until = None
    has_end = model.document_break is not None if until is None else until != ""
    return until, options.length or (_LONGEST if has_end else _LENGTH)


def _say_if_cut(
    model: SavedNetwork, generator: TextGenerator, until: str | None, length: int
) -> None:
    """Say if the text has another end than the one that was waited for."""
    if until is None:
        awaited = "the end of the document" if model.document_break is not None else ""
        has_come = generator.is_at_end
    else:
        awaited = f"“{until}”" if until else ""
        has_come = until in generator.text[-len(until) - len(model.document_break or "") :]
    if awaited and not has_come:
        print_message(f"The text was cut off after {length:,} symbols, before {awaited} came.")


WRITE = Command(
    "write",
    "continue a text with a network trained on one, or improvise a melody",
    "Writes the prompt, and continues it symbol by symbol. With a network trained on documents, it "
    "writes one document, which begins with the prompt. With a network trained on melodies, it "
    "improvises, and writes notes, a MIDI file, a tune in ABC or sound.",
    _add_options,
    _run,
)

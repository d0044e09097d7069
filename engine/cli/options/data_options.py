"""The options that say how a file of names, text or melodies is read, and the reading itself."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, overload

from engine.cli.options.arguments import OptionError, file_name, one_of, whole_number
from engine.cli.options.kind_titles import KindTitle, certain_pairs, kind_title, resolved_pairs
from engine.cli.terminal.messages import ask_for_input, print_message
from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.reader import TrainingData, read_data
from engine.data.reading.choices import TRANSPOSITIONS, ReadingChoices
from engine.data.reading.encodings import EncodingError, check_encoding
from engine.data.reading.registry import LAYOUTS
from engine.data.sources.data_source import DataSource
from engine.data.sources.kinds_of_file import RUN_SUFFIX
from engine.data.sources.listed_source import ListedSource
from engine.data.sources.pasted_source import STANDARD_INPUT
from engine.data.sources.several_sources import SeveralSources
from engine.data.sources.source_of import source_of
from engine.data.spelling import GRAPHEMES_PACKAGE
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind
from engine.melody.grid import DEFAULT_GRID, GRIDS
from engine.runs.saved_network import check_saved_network
from engine.storage.archive import CheckpointError, TextFileError

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|", "space": " "}
_YES_NO = {"yes": True, "no": False}
_MAX_WEIGHT_CAP = 10**9

DATA_OPTIONS = (
    *("encoding", "layout", "column", "header", "delimiter", "weights", "weight_cap"),
    *("separator", "keep_case", "graphemes", "kinds", "kind_column", "kind_titles"),
    *("melodies", "grid", "transpose"),
)
"""The attributes that `add_data_options` sets, if they are given."""

_FOR_MELODIES = ("grid", "transpose", "tempos")
_NOT_FOR_MELODIES = (
    *("column", "header", "delimiter", "weights", "weight_cap"),
    *("separator", "keep_case", "graphemes"),
)


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add the options. Those that are not given are absent from the result."""
    group = parser.add_argument_group("how a data file is read")
    options = (
        (
            "--encoding",
            _encoding,
            "NAME",
            "encoding of the file, such as cp1252 (default: what its byte order mark says, or "
            "utf-8)",
        ),
        (
            "--layout",
            one_of(LAYOUTS),
            f"{{{','.join(LAYOUTS)}}}",
            "what the file is; names: every line is a name as it stands (default: recognised)",
        ),
        ("--column", _column, "NAME|N", "column of a table that has the names, or its number"),
        ("--header", one_of(_YES_NO), "{yes,no}", "whether the first row of a table is a header"),
        ("--delimiter", _delimiter, "C", "what separates columns: a character, or “tab”"),
        ("--weights", _column, "NAME|N", "column of a table that says how often a name counts"),
        (
            "--separator",
            _separator,
            "S",
            "what separates documents, each an example with its own end; \\n\\n: blank lines",
        ),
        (
            "--weight-cap",
            whole_number(1, _MAX_WEIGHT_CAP),
            "N",
            "largest weight; greater ones count as N",
        ),
    )
    for flag, parse, metavar, text in options:
        group.add_argument(flag, type=parse, metavar=metavar, help=text, default=argparse.SUPPRESS)
    _add_options_of_kinds(group)
    _add_options_of_melodies(group)
    group.add_argument(
        "--keep-case",
        action="store_true",
        help="do not lower-case names",
        default=argparse.SUPPRESS,
    )
    group.add_argument(
        "--graphemes",
        action="store_true",
        help="spell the data in grapheme clusters: a letter with its marks, or an emoji of several "
        f"parts, is one symbol (needs the package {GRAPHEMES_PACKAGE})",
        default=argparse.SUPPRESS,
    )


def _add_options_of_kinds(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--kinds",
        action="store_true",
        help="each file is a kind of names or tunes, called as the file; of a single table, the "
        "column that seems to have kinds",
        default=argparse.SUPPRESS,
    )
    group.add_argument(
        "--kind-column",
        type=_column,
        metavar="NAME|N",
        help="column of a table that has the kinds of the names, or its number; of solos, what the "
        "table of their tempos says: performer, instrument, tempo, style or decade; of ABC, rhythm "
        "or metre",
        default=argparse.SUPPRESS,
    )
    group.add_argument(
        "--kind-title",
        dest="kind_titles",
        action="append",
        type=kind_title,
        metavar="OLD=NEW",
        help="give the kind OLD the title NEW; kinds with the same title are merged; “OLD=” leaves "
        "the kind out; an OLD with an equals sign may stand in quotation marks; may be given "
        "several times",
        default=argparse.SUPPRESS,
    )


def _add_options_of_melodies(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--melodies",
        action="store_true",
        help="the files are tunes in ABC, or tables of played notes (default: MIDI files are "
        "recognised)",
        default=argparse.SUPPRESS,
    )
    group.add_argument(
        "--tempos",
        type=file_name,
        metavar="FILE.csv",
        help="the table with the tempos of solos whose notes are in seconds",
        default=argparse.SUPPRESS,
    )
    for flag, allowed, text in (
        ("--grid", GRIDS, f"durations to which notes are brought (default: {DEFAULT_GRID})"),
        (
            "--transpose",
            TRANSPOSITIONS,
            "all: each epoch draws a key for each tune; C: all come to C or A minor (default: "
            "none)",
        ),
    ):
        group.add_argument(
            flag,
            type=one_of(allowed),
            metavar=f"{{{','.join(allowed)}}}",
            help=text,
            default=argparse.SUPPRESS,
        )


class _SourceAction(argparse.Action):
    """Stores the source for the words of an option, or of a place in the command."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Store the source.

        Raises
        ------
        ArgumentError
            If no source can be made of the words.
        """
        try:
            setattr(namespace, self.dest, source_of_words(values))
        except CorpusError as error:
            raise argparse.ArgumentError(self, str(error)) from error


def source_of_words(words: Sequence[str]) -> DataSource:
    """Return the source of some files, folders or archives, or of the standard input.

    Raises
    ------
    CorpusError
        If no source can be made of the words.
    """
    if STANDARD_INPUT in words:
        ask_for_input("data")
    return ListedSource(source_of(words))


def add_source(
    parser: argparse._ActionsContainer, name: str, metavar: str, text: str, **others: Any
) -> None:
    """Add an option, or a place in the command, for one or more files, folders or archives.

    Parameters
    ----------
    parser : ArgumentParser
    name : str
        "--data", or the name of the attribute.
    metavar : str
    text : str
        The help.
    **others
        As `ArgumentParser.add_argument` takes them.
    """
    parser.add_argument(
        name, nargs="+", type=file_name, action=_SourceAction, metavar=metavar, help=text, **others
    )


def named(source: DataSource) -> str:
    """Return what to call a source in a message: its path, if it has one."""
    return source.places[0] if len(source.places) == 1 else source.title


def check_data_options(options: argparse.Namespace, kind: DataKind | None) -> None:
    """Check that no option is given that says nothing of such data.

    Parameters
    ----------
    options : Namespace
    kind : str or None
        "names", "text" or "melodies"; None if that is not known.

    Raises
    ------
    OptionError
        If one is.
    """
    if kind is None:
        return
    is_of_melodies = kind == "melodies"
    complaint = (
        "cannot be combined with melodies. Leave it out." if is_of_melodies else "needs --melodies."
    )
    for name in _NOT_FOR_MELODIES if is_of_melodies else _FOR_MELODIES:
        if name in vars(options):
            raise OptionError(f"--{name.replace('_', '-')} {complaint}")


def choices_of(
    options: argparse.Namespace, otherwise: ReadingChoices | None = None
) -> ReadingChoices:
    """Return the choices that are given, but for titles of kinds that depend on the data.

    Parameters
    ----------
    options : Namespace
    otherwise : ReadingChoices, optional
        The choices that hold if none is given, such as those of a saved run.

    Raises
    ------
    OptionError
        If they do not go together.
    """
    given = {name: vars(options)[name] for name in DATA_OPTIONS if name in vars(options)}
    if "header" in given:
        given["header"] = _YES_NO[given["header"]]
    if given.pop("keep_case", False):
        given["lower_case"] = False
    if given.pop("melodies", False) and given.setdefault("layout", "melodies") != "melodies":
        raise OptionError(f"--melodies cannot be combined with --layout {given['layout']}.")
    if "weight_cap" in given and "weights" not in given:
        raise OptionError("--weight-cap needs --weights.")
    if "kind_titles" in given:
        if "kinds" not in given and "kind_column" not in given:
            raise OptionError("--kind-title needs --kinds or --kind-column.")
        given["kind_titles"] = certain_pairs(given["kind_titles"])
    return ReadingChoices(**given) if given or otherwise is None else otherwise


@overload
def read_file(
    source: DataSource,
    options: argparse.Namespace,
    *,
    kind: Literal["names"],
    lower_case: bool | None,
    for_training: bool = ...,
    otherwise: ReadingChoices | None = ...,
    says_always: bool = ...,
) -> Corpus: ...
@overload
def read_file(
    source: DataSource,
    options: argparse.Namespace,
    *,
    kind: Literal["text"],
    lower_case: bool | None,
    for_training: bool = ...,
    otherwise: ReadingChoices | None = ...,
    says_always: bool = ...,
) -> Text: ...
@overload
def read_file(
    source: DataSource,
    options: argparse.Namespace,
    *,
    kind: Literal["melodies"],
    lower_case: bool | None,
    for_training: bool = ...,
    otherwise: ReadingChoices | None = ...,
    says_always: bool = ...,
) -> Melodies: ...
@overload
def read_file(
    source: DataSource,
    options: argparse.Namespace,
    *,
    kind: DataKind | None,
    lower_case: bool | None,
    for_training: bool = ...,
    otherwise: ReadingChoices | None = ...,
    says_always: bool = ...,
) -> TrainingData: ...
def read_file(
    source: DataSource,
    options: argparse.Namespace,
    *,
    kind: DataKind | None,
    lower_case: bool | None,
    for_training: bool = True,
    otherwise: ReadingChoices | None = None,
    says_always: bool = False,
) -> TrainingData:
    """Read data as the options say, and print what they were taken for.

    Parameters
    ----------
    source : DataSource
    options : Namespace
    kind : str or None
        "names", "text" or "melodies", if it must be that.
    lower_case : bool or None
        Whether to lower-case it, unless --keep-case is given. None: as usual for its kind.
    for_training : bool
        As in `engine.data.reader.read_data`.
    otherwise : ReadingChoices, optional
        As in `choices_of`.
    says_always : bool
        Whether to say even of a plain list what it was taken for.

    Raises
    ------
    CorpusError
        If the file cannot be used; the message says why, and how it could be read.
    OptionError
        If an option says nothing of such data.
    """
    check_data_options(options, kind)
    _refuse_networks(source)
    choices = choices_of(options, otherwise)
    if choices.lower_case is None:
        choices = replace(choices, lower_case=lower_case)
    if "tempos" in options:
        source = SeveralSources((source, source_of([options.tempos])))
    with _naming_encodings():
        data = read_data(source, choices, kind=kind, for_training=for_training)
        given: Sequence[KindTitle] = vars(options).get("kind_titles", ())
        found = () if data.report is None else data.report.kinds
        titles = resolved_pairs(given, [each.title for each in found])
        if given and titles != choices.kind_titles:
            choices = replace(choices, kind_titles=titles)
            data = read_data(source, choices, kind=kind, for_training=for_training)
    if data.report is not None and (says_always or not data.report.is_plain):
        print_message(data.report.sentence())
    return data


def _refuse_networks(source: DataSource) -> None:
    """Check that no file is a saved run or network, or is named as one and holds no text.

    Raises
    ------
    CorpusError
        If one is.
    """
    for place in filter(os.path.isfile, source.places):
        try:
            check_saved_network(place)
        except TextFileError:
            continue
        except CheckpointError:
            what = "holds no network, or is damaged, and is not a text"
            if not place.lower().endswith(RUN_SUFFIX):
                continue
        else:
            what = "is a saved run, not a text"
        raise CorpusError(f"“{os.path.basename(place)}” {what}. Choose a text file.")


@contextmanager
def _naming_encodings() -> Iterator[None]:
    """Add the options to the error of an encoding that does not fit."""
    try:
        yield
    except EncodingError as error:
        if not error.fitting:
            raise
        guesses = "; ".join(
            f"--encoding {guess.name} reads “{', '.join(guess.lines)}”"
            for guess in error.fitting[:3]
        )
        raise CorpusError(f"{error} These fit: {guesses}.") from error


def _column(text: str) -> str | int:
    if not text.strip():
        raise argparse.ArgumentTypeError("“” is not a column. Give its header or its number.")
    return int(text) if text.isdecimal() and int(text[:9]) > 0 else text.strip()


def _delimiter(text: str) -> str:
    found = _DELIMITERS.get(text.lower(), text)
    if len(found) != 1 or found in '\r\n"':
        raise argparse.ArgumentTypeError(
            f"“{text}” is not a single character, nor one of tab, comma, semicolon, bar, space."
        )
    return found


def _separator(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("“” is not a separator. For blank lines, write “\\n\\n”.")
    return text


def _encoding(text: str) -> str:
    try:
        return check_encoding(text)
    except CorpusError as error:
        raise argparse.ArgumentTypeError(str(error)) from None

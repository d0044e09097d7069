"""Documents: several texts in one file, each an example with an end of its own.

They are recognised only where it is clear: by a mark such as ``<|end|>``, as tunes in ABC notation,
by lines of signs such as ``---`` if they stand often enough, or by blank lines if all that lies
between these begins with the same field, as in ``Title: …``. So the stanzas of a poem stay one
running text, and so does a novel with a line of stars now and then. Whoever knows better gives the
separator.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from engine.data.training_data import CorpusError
from engine.data.vocabulary import DOCUMENT_END

ABC_SUFFIX = ".abc"
"""Of the names of files with tunes in ABC notation."""

_END_MARK = re.compile(r"^[ \t]*(<\|end[a-z_]*\|>)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_INLINE_MARK = re.compile(r"<\|end[a-z_]*\|>", re.IGNORECASE)
_LEAST_INLINE = 2
"""A text with a single one may only speak of it."""

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_TUNE = re.compile(r"^(?=X:)", re.MULTILINE)
_TUNE_NUMBER = re.compile(r"^X:[ \t]*\d+[ \t]*$", re.MULTILINE)
_TUNE_KEY = re.compile(r"^K:", re.MULTILINE)
_LINES_BEFORE_A_TUNE = 5
_FIELD = re.compile(r"[^\W\d_][\w -]*:")

_RULES = {
    "-": r"-(?:[ \t]?-){2,}|—(?:[ \t]?—)*",
    "*": r"\*(?:[ \t]?\*){2,}",
    "=": r"=(?:[ \t]?=){2,}",
    "_": r"_(?:[ \t]?_){2,}",
    "%": r"%+",
}
"""Lines of signs that separate documents, by their sign."""

_LEAST_RULES = 2
_LEAST_CHARACTERS, _MOST_CHARACTERS = 30, 2_000
"""Of the mean document between two such lines. A list has fewer, and the parts of a novel more."""

_LARGEST_SHARE = 0.5
"""The longest document has at most this share of all. In notes with a line here and there, it is
larger.
"""

_LINE_WORDS = 2.0
"""Words of the mean line of a list of names, which may have lines of signs between its groups."""

_MOST_BESIDE = 0.1
"""Where more other lines than this begin with “%”, for each line of it, it begins comments."""

_HEADED = 0.5
"""Where so many lines of signs stand below a single line, they underline headings."""

_LEAST_RECORDS = 3
_SHARE_OF_RECORDS = 0.9

_BLANK_BREAK = "\n\n"

_OVERLAP = 1_000
"""Characters that are searched again with the next piece; more than the longest separator has."""


@dataclass(frozen=True)
class Separator:
    """What lies between two documents.

    Attributes
    ----------
    pattern : Pattern
        Finds it. It may have no width.
    title : str
        What the documents are called, in the plural.
    document_break : str
        What stands for it where documents are written one after the other.
    missing : str
        What a file does not have that it does not occur in: "no blank line".
    keeps : callable
        Whether what lies between two is a document.
    """

    pattern: re.Pattern[str]
    title: str
    document_break: str
    missing: str
    keeps: Callable[[str], bool] = bool

    def documents(self, text: str) -> list[str]:
        """Cut a whole text."""
        cleaned = (part.rstrip().lstrip("\n") for part in self.pattern.split(text))
        return [document for document in cleaned if self.keeps(document)]


BLANK_LINES = Separator(
    _BLANK_LINES, "documents, separated by blank lines", _BLANK_BREAK, "no blank line"
)

TUNES = Separator(
    _TUNE,
    "documents, each a tune in ABC notation",
    _BLANK_BREAK,
    "no tune that begins with the field X:",
    lambda document: document.startswith("X:"),
)

FILES = Separator(re.compile(r"(?!)"), "documents, each a file", _BLANK_BREAK, "no other file")


def recognised_separator(text: str, name: str) -> Separator | None:
    """Return what separates the documents of a file; None if it has none, or that is not clear.

    Parameters
    ----------
    text : str
        The beginning of the file.
    name : str
        The file's name.
    """
    if is_tune(text, name):
        return TUNES if TUNES.documents(text) else None
    mark = _END_MARK.search(text)
    if mark is not None:
        marked = given_separator(mark[1], text)
        return marked if len(marked.documents(text)) > 1 else None
    inline = _INLINE_MARK.findall(text)
    if len(inline) >= _LEAST_INLINE:
        marked = given_separator(inline[0], text)
        return marked if len(marked.documents(text)) > 1 else None
    return _ruled(text) or (BLANK_LINES if _are_records(BLANK_LINES.documents(text)) else None)


def _ruled(text: str) -> Separator | None:
    """Return what separates documents if lines of one sign do, which stand there regularly."""
    lines = text.split("\n")
    for sign, signs in _RULES.items():
        if sign not in text:
            continue
        pattern = re.compile(rf"^[ \t]*(?:{signs})[ \t]*$", re.MULTILINE)
        rules = [place for place, line in enumerate(lines) if pattern.match(line)]
        if len(rules) < _LEAST_RULES:
            continue
        shown = Counter(lines[place].strip() for place in rules).most_common(1)[0][0]
        beside = sum(line.lstrip().startswith(sign) for line in lines) - len(rules)
        found = Separator(
            pattern, f"documents, separated by “{shown}”", f"\n{shown}\n", f"no “{shown}”"
        )
        documents = found.documents(text)
        is_comment = sign == "%" and beside > _MOST_BESIDE * len(rules)
        if not is_comment and _are_regular(documents) and not _underline(lines, rules):
            return found
    return None


def _are_regular(documents: list[str]) -> bool:
    """Tell whether there are enough documents, each with some lines or words, and none too long."""
    first = documents[0].split("\n") if documents else []
    if all(map(_FIELD.match, first)):  # what a file of Markdown says of itself
        documents = documents[1:]
    lengths = list(map(len, documents))
    n, total = len(lengths), sum(lengths)
    is_usual = _LEAST_CHARACTERS * n <= total <= _MOST_CHARACTERS * n
    is_regular = n > _LEAST_RULES and is_usual and max(lengths) <= _LARGEST_SHARE * total
    words = [len(line.split()) for each in documents for line in each.split("\n") if line.strip()]
    return is_regular and sum(words) > _LINE_WORDS * len(words)


def _underline(lines: list[str], rules: list[int]) -> bool:
    """Tell whether lines of signs underline headings: a single line between them and a blank one.

    The first line of a text is a heading, too, if it is underlined.
    """
    below = [place for place in rules if place > 0 and lines[place - 1].strip()]
    headed = sum(
        (place == 1 or not lines[place - 2].strip()) and not _ends_sentence(lines[place - 1])
        for place in below
    )
    return headed >= _HEADED * len(rules)


def _ends_sentence(line: str) -> bool:
    return line.rstrip().endswith(tuple(".!?,;:…\"'”’»)"))


def is_tune(text: str, name: str) -> bool:
    """Tell whether a file has tunes in ABC, by its name or the fields of a tune: number and key.

    A single tune must stand at the beginning: a text about the notation may have an example.
    """
    if name.lower().endswith(ABC_SUFFIX):
        return True
    numbers = list(islice(_TUNE_NUMBER.finditer(text), 2))
    if not numbers or _TUNE_KEY.search(text, numbers[0].end()) is None:
        return False
    before = text[: numbers[0].start()].split("\n")
    return len(numbers) > 1 or sum(map(bool, map(str.strip, before))) <= _LINES_BEFORE_A_TUNE


def given_separator(given: str, text: str) -> Separator:
    r"""Return the separator that a person has given.

    If it stands on a line of its own anywhere in `text`, only such lines separate documents.
    Otherwise it does so wherever it stands.

    Parameters
    ----------
    given : str
        ``\n`` and ``\t``, written as two characters, stand for a newline and a tab. Nothing but
        white space means blank lines.
    text : str
        The beginning of the file.
    """
    mark = given.replace(r"\n", "\n").replace(r"\t", "\t").strip("\n")
    if not mark.strip():
        return BLANK_LINES
    pattern = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t]*$", re.MULTILINE)
    document_break = f"\n{mark}\n"
    if mark in text and not pattern.search(text):
        pattern, document_break = re.compile(re.escape(mark)), mark
    title = f"documents, separated by “{mark}”"
    return Separator(pattern, title, document_break, f"no “{mark}”")


def cut(
    pieces: Iterable[str], separator: Separator, source: str, *, must_occur: bool = True
) -> Iterator[str]:
    """Put `DOCUMENT_END` after each document, in place of what separates it from the next.

    Documents lose the blank lines before them and the white space after them. Those without a
    character are dropped.

    Parameters
    ----------
    pieces : iterable of str
        The text, piece by piece.
    separator : Separator
    source : str
        What to call the text in messages.
    must_occur : bool
        Whether to refuse a text without the separator; otherwise it is one document.

    Yields
    ------
    str
        Some whole documents.

    Raises
    ------
    CorpusError
        If the separator never occurs.
    """
    rest, searched, occurs = "", 0, not must_occur
    for piece in pieces:
        rest += piece.replace(DOCUMENT_END, "")
        last = None
        for match in separator.pattern.finditer(rest, searched):
            if match.end() == len(rest):  # it may go on in the next piece
                break
            last = match
        if last is not None:
            occurs = True
            yield _ended(separator.documents(rest[: last.end()]))
            rest = rest[last.end() :]
        searched = max(len(rest) - _OVERLAP, 0)
    if not occurs and separator.pattern.search(rest) is None:
        raise CorpusError(
            f"“{source}” has {separator.missing}, so it cannot be taken apart into documents. "
            "Choose another separator, or read it as running text."
        )
    yield _ended(separator.documents(rest))


def _ended(documents: list[str]) -> str:
    return "".join(f"{document}{DOCUMENT_END}" for document in documents)


def _are_records(blocks: list[str]) -> bool:
    """Whether nearly all blocks begin with the same field, and have more lines than that."""
    fields = Counter(found[0] for block in blocks if (found := _FIELD.match(block)))
    if len(blocks) < _LEAST_RECORDS or not fields:
        return False
    (_, count), *_ = fields.most_common(1)
    has_lines = sum("\n" in block for block in blocks)
    return min(count, has_lines) >= _SHARE_OF_RECORDS * len(blocks)

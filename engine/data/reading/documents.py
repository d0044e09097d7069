"""Documents: several texts in one file, each an example with an end of its own.

They are recognised only where it is clear: by a mark such as ``<|end|>``, as tunes in ABC notation,
or by blank lines if all that lies between these begins with the same field, as in ``Title: …``. So
the stanzas of a poem stay one running text. Whoever knows better gives the separator.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.data.training_data import CorpusError
from engine.data.vocabulary import DOCUMENT_END

_END_MARK = re.compile(r"^[ \t]*(<\|end[a-z_]*\|>)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_INLINE_MARK = re.compile(r"<\|end[a-z_]*\|>", re.IGNORECASE)
_LEAST_INLINE = 2
"""A text with a single one may only speak of it."""

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_TUNE = re.compile(r"^(?=X:)", re.MULTILINE)
_TUNE_NUMBER = re.compile(r"^X:[ \t]*\d+[ \t]*$", re.MULTILINE)
_TUNE_KEY = re.compile(r"^K:", re.MULTILINE)
_FIELD = re.compile(r"[^\W\d_][\w -]*:")

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
    if name.lower().endswith(".abc") or _has_tune(text):
        return TUNES if len(TUNES.documents(text)) > 1 else None
    mark = _END_MARK.search(text)
    if mark is not None:
        marked = given_separator(mark[1], text)
        return marked if len(marked.documents(text)) > 1 else None
    inline = _INLINE_MARK.findall(text)
    if len(inline) >= _LEAST_INLINE:
        marked = given_separator(inline[0], text)
        return marked if len(marked.documents(text)) > 1 else None
    return BLANK_LINES if _are_records(BLANK_LINES.documents(text)) else None


def _has_tune(text: str) -> bool:
    """Tell whether a text has the fields of a tune in ABC: its number, and later its key."""
    number = _TUNE_NUMBER.search(text)
    return number is not None and _TUNE_KEY.search(text, number.end()) is not None


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

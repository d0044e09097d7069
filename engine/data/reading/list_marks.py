"""What stands beside the names of a list: numbers, bullets, comments, and separators in a line."""

import re
from collections.abc import Sequence

from engine.data.reading.layout import Entries, Head
from engine.data.reading.wrapping import unwrapped, without_quotes

_HEAD_LINES = 1_000
"""By so many lines it is decided what marks a list has."""

_COMMENT = re.compile(r"\s*#+(?:[\s!]|$)")
_ANY_COMMENT = re.compile(r"\s*#")
_TRAILING_COMMENT = re.compile(r"(?<!\s)\s+#+\s.*$")
_MOST_COMMENTS = 0.5
"""In a list, at most this share of the lines are comments. In another one, # belongs to names."""

MARKS = {
    "numbered": re.compile(r"\s*\d{1,7}[.)]\s+(?=\S)"),
    "bulleted": re.compile(r"\s*[-*+•–]\s+(?:\[[ xX]\]\s+)?(?=\S)"),
}
"""How the lines of lists begin, by the kind of the list."""

_MARKED_SHARE = 0.9
_FEWEST_MARKED = 3

_RULE = re.compile(r"\s*([-*=_~#%])(?:\s?\1){2,}\s*")
_MOST_RULES = 0.5
"""In a list, at most this share of the lines are rules. In another one, they are names."""

_SEPARATORS = (",", ";", "|")
_FEWEST_ALONE, _FEWEST_PER_LINE = 3, 4
_MOST_WORDS, _MEAN_WORDS, _MEAN_CHARACTERS = 4, 1.7, 25


def list_with_marks(lines: Sequence[str]) -> Entries:
    """Return the names of a list without marks and comments, if nearly every line has them."""
    details: list[str] = []
    dropped: list[tuple[str, int]] = []
    ruled = _without_rules(lines)
    if len(ruled) < len(lines):
        dropped.append(("line of signs", len(lines) - len(ruled)))
    kept = without_comments(ruled)
    if len(kept) < len(ruled):
        dropped.append(("comment", len(ruled) - len(kept)))
    if kept is not ruled:
        details.append("Lines and ends of lines that begin with “#” are comments.")
    kind = mark_of(kept)
    taken_for = ""
    if kind is not None:
        taken_for = f"a {kind} list"
        mark = MARKS[kind]
        matches = [(line, mark.match(line)) for line in kept]
        names = [unwrapped(line[match.end() :].strip()) for line, match in matches if match]
        others = sum(1 for line, match in matches if not match and line.strip())
        if others:
            dropped.append(("line without a mark", others))
        kept = names + [""] * (len(kept) - len(names) - others)
    elif details:
        taken_for = "a list with comments"
    kept, quotes = names_without_quotes(kept)
    details += quotes
    if quotes and not taken_for:
        taken_for = "a list of names in quotation marks"
    options = ("layout",) if taken_for else ()
    return Entries(kept, None, taken_for, tuple(details), options, tuple(dropped))


def names_without_quotes(names: Sequence[str]) -> tuple[Sequence[str], list[str]]:
    """Return names without quotation marks around nearly all of them, and a sentence if so."""
    bare = without_quotes(names, _HEAD_LINES)
    return bare, [] if bare is names else ["The quotation marks around the names are dropped."]


def names_per_line(head: Head) -> str | None:
    """Return what separates the names if there are several on a line, or None."""
    lines = head.lines[:_HEAD_LINES]
    if not lines:
        return None
    fewest = _FEWEST_ALONE if len(lines) == 1 else _FEWEST_PER_LINE
    for separator in _SEPARATORS:
        cells = [cell.split() for line in lines for cell in line.split(separator)]
        cells = cells if head.is_whole else cells[:-1]  # which may be cut
        words = [len(cell) for cell in cells if cell]
        # The last line of a wrapped list may be short.
        counts = [line.count(separator) + 1 for line in lines[:-1] or lines]
        if len(words) < _FEWEST_ALONE or min(counts) < fewest:
            continue
        characters = sum(sum(map(len, cell)) for cell in cells) / len(words)
        is_short = max(words) <= _MOST_WORDS and characters <= _MEAN_CHARACTERS
        if is_short and sum(words) / len(words) <= _MEAN_WORDS:
            return separator
    return None


def _without_rules(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines without those of one sign, “---”; the lines themselves if there are none."""
    head = [line for line in lines[:_HEAD_LINES] if line.strip()]
    n_rules = sum(1 for line in head if _RULE.fullmatch(line))
    if not 0 < n_rules <= _MOST_RULES * len(head):
        return lines
    return [line for line in lines if not _RULE.fullmatch(line)]


def without_comments(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines without comments; the lines themselves if there are none."""
    head = [line for line in lines[:_HEAD_LINES] if line.strip()]
    if not any(map(_COMMENT.match, head)):
        return lines
    # If the file begins with a comment, “#Anna” is one, too: a name that was taken out.
    pattern = _ANY_COMMENT if _COMMENT.match(head[0]) else _COMMENT
    if sum(1 for line in head if pattern.match(line)) > _MOST_COMMENTS * len(head):
        return lines
    return [_TRAILING_COMMENT.sub("", line) for line in lines if not pattern.match(line)]


def mark_of(lines: Sequence[str]) -> str | None:
    """Return which of `MARKS` nearly every line begins with, or None."""
    head = [line for line in lines[:_HEAD_LINES] if line.strip()]
    for kind, mark in MARKS.items():
        marked = sum(1 for line in head if mark.match(line))
        if marked >= max(_FEWEST_MARKED, _MARKED_SHARE * len(head)):
            return kind
    return None

"""The pages of the handbook: their order, the links between them, and the search in them."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import resources

START_PAGE = "index.md"
"""The contents of the handbook. Every other page is listed there."""

_SECTION = re.compile(r"^## (?P<title>.+)$")
_PAGE = re.compile(r"^[-*] \[(?P<title>[^]]+)\]\((?P<page>[^)#]+\.md)\)")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Page:
    """A line of the contents.

    Attributes
    ----------
    path : str
        Relative to ``resources/docs``, as ``panels/clipping.md``.
    title : str
    """

    path: str
    title: str


@dataclass(frozen=True)
class Section:
    """A heading of the contents, and the pages below it."""

    title: str
    pages: tuple[Page, ...]


@cache
def contents() -> tuple[Section, ...]:
    """Return the sections of the handbook, in the order of the start page."""
    sections: list[tuple[str, list[Page]]] = []
    for line in resources.handbook_page(START_PAGE).splitlines():
        if heading := _SECTION.match(line):
            sections.append((heading["title"], []))
        elif (entry := _PAGE.match(line)) and sections:
            sections[-1][1].append(Page(entry["page"], entry["title"]))
    return tuple(Section(title, tuple(pages)) for title, pages in sections if pages)


def all_pages() -> tuple[str, ...]:
    """Return the paths of all pages in the order of reading, the start page first."""
    listed = (page.path for section in contents() for page in section.pages)
    return (START_PAGE, *listed)


def follow(page: str, link: str) -> tuple[str, str]:
    """Return where a link leads.

    Parameters
    ----------
    page : str
        The page on which the link stands.
    link : str
        Relative to that page, with or without ``#anchor``.

    Returns
    -------
    path : str
        Relative to ``resources/docs``. Begins with ``..`` if it is outside of the handbook.
    anchor : str
        Of a heading; empty for the top of the page.
    """
    target, _, anchor = link.partition("#")
    if not target:
        return page, anchor
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target)), anchor


def anchor_of(heading: str) -> str:
    """Return the anchor that code hosts give to a heading."""
    return _NOT_IN_ANCHORS.sub("", heading.strip().lower()).replace(" ", "-")


def find(text: str, query: str) -> list[tuple[int, int]]:
    """Return where a text contains what is searched for, whatever its case.

    Parameters
    ----------
    text : str
    query : str
        Searched for as it is. A text that does not contain it, but contains each of its words,
        matches with these words.

    Returns
    -------
    list of (start, end)
        In order; positions count characters. Empty if nothing matches.
    """
    words = query.split()
    if not words:
        return []
    phrase = r"\s+".join(map(re.escape, words))
    if hits := _spans(phrase, text):
        return hits
    each = [_spans(re.escape(word), text) for word in words]
    if not all(each):
        return []
    return _spans("|".join(map(re.escape, sorted(words, key=len, reverse=True))), text)


def find_in_all(texts: Mapping[str, str], query: str) -> dict[str, list[tuple[int, int]]]:
    """Return the matches of each page that has any, by path, in the order of `texts`."""
    found = {path: find(text, query) for path, text in texts.items()}
    return {path: hits for path, hits in found.items() if hits}


def _spans(pattern: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]

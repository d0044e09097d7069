import posixpath
from itertools import pairwise

import pytest

from dinogui.handbook.pages import (
    START_PAGE,
    all_pages,
    anchor_of,
    contents,
    find,
    find_in_all,
    follow,
)


def test_the_start_page_comes_first_and_no_page_twice():
    pages = all_pages()
    assert pages[0] == START_PAGE
    assert len(set(pages)) == len(pages)
    assert "first-steps.md" in pages


def test_contents_have_the_sections_of_the_start_page():
    titles = [section.title for section in contents()]
    assert titles == ["Use", "Panels", "Reference", "How it is built"]
    assert all(section.pages for section in contents())


@pytest.mark.parametrize(
    ("page", "link", "expected"),
    [
        ("names.md", "text.md", ("text.md", "")),
        ("names.md", "panels/flow.md", ("panels/flow.md", "")),
        ("panels/flow.md", "../names.md#read-the-table", ("names.md", "read-the-table")),
        ("panels/flow.md", "#here", ("panels/flow.md", "here")),
        ("decisions.md", "../../README.md", ("../../README.md", "")),
    ],
)
def test_follow_resolves_links_as_a_code_host_does(page, link, expected):
    assert follow(page, link) == expected


def test_anchors_are_those_of_code_hosts():
    assert anchor_of("Two recipes") == "two-recipes"
    assert anchor_of("resume, replay") == "resume-replay"
    assert anchor_of("A step's arithmetic") == "a-steps-arithmetic"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("clip", ["Clip", "clip"]),
        ("CLIP VALUE", ["clip\nvalue"]),
        ("value norm", ["value", "norm"]),
        ("value absent", []),
        (".", []),
        ("  ", []),
        ("", []),
    ],
)
def test_find(query, expected):
    text = "Clipping limits the norm: clip\nvalue"
    found = [text[start:end] for start, end in find(text, query)]
    assert sorted(found) == sorted(expected)


def test_matches_do_not_overlap_and_are_in_order():
    hits = find("learning rate, learn, rate of learning", "rate learn")
    assert hits == sorted(hits)
    assert all(left[1] <= right[0] for left, right in pairwise(hits))


def test_find_in_all_leaves_out_pages_without_matches():
    texts = {"a.md": "one two", "b.md": "three", "c.md": "two two"}
    assert {path: len(hits) for path, hits in find_in_all(texts, "two").items()} == {
        "a.md": 1,
        "c.md": 2,
    }


def test_paths_are_normal():
    assert all(posixpath.normpath(path) == path for path in all_pages())

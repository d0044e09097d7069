"""Which characters the project's own text may hold."""

import ast
import unicodedata

import pytest

_TEXTS = (".py", ".md", ".toml", ".yml", ".yaml", ".txt", ".svg", ".html", ".cfg")
_FOLDERS = ("dinogui", "engine", "resources", "tests")


def texts_of(root):
    """Return the paths of all texts that the project consists of."""
    inside = [path for folder in _FOLDERS for path in (root / folder).rglob("*")]
    return [path for path in (*root.iterdir(), *inside) if path.suffix in _TEXTS and path.is_file()]


def combining(text):
    """Return the combining marks in a text: common fonts lose them, or draw them elsewhere."""
    return sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Mn", "Me")})


def test_no_text_of_the_project_holds_a_combining_mark(root):
    paths = texts_of(root)
    assert len(paths) > 400
    found = {
        str(path.relative_to(root)): marks
        for path in paths
        if (marks := combining(path.read_text(encoding="utf-8")))
    }
    assert not found, "use precomposed letters or other signs"


@pytest.mark.parametrize("folder", ["dinogui", "engine", "resources"])
def test_no_string_of_the_program_makes_a_combining_mark_by_an_escape(root, folder):
    found = {}
    for path in sorted((root / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                marks = combining(node.value)
                if marks:
                    found[f"{path.relative_to(root)}:{node.lineno}"] = marks
    assert not found

"""Two classes never share a name, so that a name says which one is meant."""

import ast
from collections import defaultdict

SHARED = {"Steps", "Tape"}
"""Classes that every cell has, by the same names."""


def test_no_two_public_classes_share_a_name(root):
    places = defaultdict(list)
    for package in ("engine", "dinogui", "resources"):
        for path in sorted((root / package).rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(str(path.relative_to(root)))
    shared = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert {name: paths for name, paths in shared.items() if name not in SHARED} == {}

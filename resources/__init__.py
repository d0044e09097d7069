"""What the window needs beside code, read with importlib.resources."""

from importlib.resources import files

DINOSAURS = "dinosaurs.txt"
"""The project's own list: valid dinosaur genera, those of Mesozoic birds among them."""

DINOSAUR_ENDINGS = "dinosaur-endings.csv"
"""A table of those of them whose names have a usual ending, such as “raptor”, with the ending."""

TUNES = "tunes.abc"
"""Traditional tunes in the public domain."""


def names_bytes(file_name: str) -> bytes:
    """Return a list of names that comes with the project, as bytes of UTF-8.

    Parameters
    ----------
    file_name : str
        For example `DINOSAURS`.
    """
    return files(__name__).joinpath("names", file_name).read_bytes()


def bundled_melodies() -> bytes:
    """Return the tunes that come with the project, in ABC, as bytes of UTF-8."""
    return files(__name__).joinpath("melodies", TUNES).read_bytes()


def handbook_page(path: str) -> str:
    """Return a page of the handbook, in Markdown.

    Parameters
    ----------
    path : str
        Below ``docs``, with slashes, as ``panels/clipping.md``.

    Raises
    ------
    OSError
        If there is no such page.
    """
    return files(__name__).joinpath("docs", *path.split("/")).read_text(encoding="utf-8")


def handbook_picture(name: str) -> bytes:
    """Return a picture of the handbook, in PNG; all of them lie directly in ``docs``.

    Raises
    ------
    OSError
        If there is no such picture.
    """
    return files(__name__).joinpath("docs", name).read_bytes()


def panel_help(key: str) -> str:
    """Return the help page of a panel, by its key in the registry, in Markdown."""
    return files(__name__).joinpath("docs", "panels", f"{key}.md").read_text(encoding="utf-8")


def icon_bytes() -> bytes:
    """Return the window's icon, in SVG."""
    return files(__name__).joinpath("icons", "dinogui.svg").read_bytes()


def symbol_bytes(name: str) -> bytes:
    """Return a symbol of the controls, in SVG, which draws in ``currentColor``.

    Parameters
    ----------
    name : str
        That of its file, without the ending, as ``play``.

    Raises
    ------
    OSError
        If there is no such symbol.
    """
    return files(__name__).joinpath("icons", f"{name}.svg").read_bytes()

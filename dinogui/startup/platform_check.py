"""Checks whether a window can be opened, and says in plain words what is missing if not.

Qt itself would end the process with a message that few people understand.
"""

import ctypes
import os
import re
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

XCB_PACKAGES = (
    "libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 "
    "libxcb-xkb1 libdbus-1-3 libfontconfig1"
)
"""The Debian packages that Qt needs for X11 on a machine without a desktop."""

_UNSET = (
    "Unset QT_QPA_PLATFORM to let Qt choose, or start DinoGUI on a desktop. To train without a "
    "window: python -m engine train --help"
)

_MISSING = re.compile(r"(?P<library>lib[\w.+-]+\.so[\w.]*): cannot open shared object file")


class CannotStartError(RuntimeError):
    """No window can be opened on this machine. The message says why, and what to do."""


def describe_missing_library(error: str) -> str | None:
    """Return advice on a library that is missing, or None if the error is another one.

    Parameters
    ----------
    error : str
        The message of the dynamic linker (``dlopen``).
    """
    found = _MISSING.search(error)
    if found is None:
        return None
    return (
        f"DinoGUI cannot open a window: Qt needs {found['library']}, which is not installed. "
        "On Debian or Ubuntu, this command installs everything that Qt needs:\n\n"
        f"    sudo apt install {XCB_PACKAGES}\n"
    )


def check_import() -> None:
    """Import Qt's widgets.

    Raises
    ------
    CannotStartError
        If they cannot be imported, or a library is missing.
    """
    try:
        import PySide6.QtWidgets  # noqa: F401  (only to see whether this works)
    except ImportError as error:
        advice = describe_missing_library(str(error))
        raise CannotStartError(
            advice
            or f"DinoGUI cannot open a window: Qt for Python cannot be imported ({error}). "
            "To install it again: pip install --force-reinstall PySide6-Essentials"
        ) from error


def check_display(environment: dict[str, str]) -> None:
    """Check whether Qt will find a display, and the libraries that it needs for it.

    ``QT_QPA_PLATFORM`` may list several platforms, of which Qt takes the first that it can have.

    Parameters
    ----------
    environment : dict of str to str
        The environment variables of the process.

    Raises
    ------
    CannotStartError
        If it will not find them.
    """
    wanted = environment.get("QT_QPA_PLATFORM", "")
    if wanted:
        platforms = wanted.split(";")
    elif not sys.platform.startswith("linux"):
        return
    else:
        platforms = ["wayland", "xcb"] if environment.get("WAYLAND_DISPLAY") else ["xcb"]
    errors = []
    for platform in platforms:
        try:
            _check_platform(platform.partition(":")[0], environment)
        except CannotStartError as error:
            errors.append(error)
        else:
            return
    raise errors[0]


def _check_platform(platform: str, environment: dict[str, str]) -> None:
    """Check one platform, as quickly as is possible for it."""
    if platform in ("offscreen", "minimal"):  # they need nothing
        return
    if platform == "xcb" and sys.platform.startswith("linux"):
        _check_x11(environment)
    elif platform == "wayland" and sys.platform.startswith("linux"):
        _check_wayland(environment)
    elif not _can_start(platform, environment):
        raise CannotStartError(
            f"DinoGUI cannot open a window: QT_QPA_PLATFORM asks for “{platform}”, which Qt cannot "
            f"use here. {_UNSET}"
        )


def _check_wayland(environment: dict[str, str]) -> None:
    """Check whether a compositor accepts connections to its socket."""
    if environment.get("WAYLAND_SOCKET"):  # a connection is open already
        return
    name = environment.get("WAYLAND_DISPLAY") or "wayland-0"
    path = Path(environment.get("XDG_RUNTIME_DIR", ""), name)  # `name` may be a whole path
    try:
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.connect(os.fspath(path))
    except OSError as error:
        advice = _UNSET if environment.get("QT_QPA_PLATFORM") else "Check WAYLAND_DISPLAY."
        raise CannotStartError(
            f"DinoGUI cannot open a window: the Wayland display {name} does not answer. {advice}"
        ) from error


def _can_start(platform: str, environment: dict[str, str]) -> bool:
    """Return whether Qt can use a platform. Qt would abort this process, so another one tries."""
    command = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    ended = subprocess.run(
        [sys.executable, "-c", command],
        env=environment | {"QT_QPA_PLATFORM": platform},
        capture_output=True,
        check=False,
    )
    return ended.returncode == 0


def _check_x11(environment: dict[str, str]) -> None:
    """Check whether an X server answers, and whether Qt's libraries for it are there."""
    display = environment.get("DISPLAY")
    if not display:
        raise CannotStartError(
            "DinoGUI cannot open a window: there is no display (neither DISPLAY nor "
            "WAYLAND_DISPLAY is set). Start it on a desktop, with “ssh -X”, or, without a screen, "
            "with “xvfb-run”. To train without a window: python -m engine train --help"
        )
    _check_xcb_plugin()
    if not _answers(display):
        raise CannotStartError(
            f"DinoGUI cannot open a window: the display {display} does not answer. "
            "Check that DISPLAY is right and that you are allowed to use this display."
        )


def _check_xcb_plugin() -> None:
    spec = find_spec("PySide6")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        plugin = Path(folder, "Qt", "plugins", "platforms", "libqxcb.so")
        if not plugin.exists():
            continue
        try:
            ctypes.CDLL(os.fspath(plugin))
        except OSError as error:
            advice = describe_missing_library(str(error))
            if advice is not None:
                raise CannotStartError(advice) from error


def _answers(display: str) -> bool:
    """Return whether an X server accepts a connection, or True if this cannot be tried."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)

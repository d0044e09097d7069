"""Where an export goes: beside the data by suggestion, and never over a file that is open."""

import os
from pathlib import Path

from dinogui.session.session import Session
from engine.data.sources.places import is_among, places_of_key


def suggested_place(session: Session, suffix: str) -> str:
    """Return a path for what the network wrote: "dinos generated.txt" beside "dinos.txt".

    While somebody looks back, it names the step: "dinos generated at step 431.txt".

    Parameters
    ----------
    session : Session
        Without a file of its own, only a name is suggested.
    suffix : str
        Such as ".txt".
    """
    corpus = session.corpus
    place = Path("names" if corpus is None else corpus.source)
    if session.path is not None:
        place = Path(places_of_key(session.path)[0])
    return str(place.with_name(f"{place.stem} generated{at_step(session)}{suffix}"))


def at_step(session: Session) -> str:
    """Return the end of a file's name that says which earlier step is looked at; or nothing."""
    moment = session.past.moment
    return "" if moment is None else f" at step {moment.step}"


def why_not_there(session: Session, path: str) -> str:
    """Return why a file must not be replaced, as a sentence; empty if nothing is against it."""
    if session.path is not None and is_among(path, session.path):
        return f"The network learns from “{path}”, so it is not replaced. Choose another name."
    if _is_same(path, session.run.file):
        return f"“{path}” holds the run that is open, so it is not replaced. Choose another name."
    return ""


def _is_same(path: str, other: str | None) -> bool:
    """Whether two paths lead to one file, also by a link."""
    if other is None:
        return False
    try:
        return os.path.samefile(path, other)
    except OSError:  # one of them is not there
        return False

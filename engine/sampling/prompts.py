"""The beginning of a text that a network continues, as the network reads it."""

from engine.data.reading.casing import unify


def unified_prompt(prompt: str, *, lower_case: bool) -> str:
    """Return a prompt with the symbols that the training text has for the same characters.

    Parameters
    ----------
    prompt : str
        Its lines end in LF, CRLF or CR, wherever it comes from.
    lower_case : bool
        Whether the network knows only lower-case text.
    """
    lines = prompt.replace("\r\n", "\n").replace("\r", "\n")
    return unify(lines, lower_case=lower_case)

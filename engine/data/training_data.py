"""A fingerprint of what is learned from, by which the same data is known again."""

from collections.abc import Iterable

PIECE = 1 << 20
"""Names or symbols that are turned into bytes at once: bounds the memory."""


def fingerprint(kind: str, pieces: Iterable[str], *, lower_case: bool) -> str:
    """Return the SHA-256 of data as it is learned from, in hexadecimal.

    So neither a byte order mark nor the kind of line ends counts, nor what the file is called.

    Parameters
    ----------
    kind : str
        "names" or "text".
    pieces : iterable of str
        The text; of names all in their order, repeats included, each followed by a newline.
    lower_case : bool
        Whether it was lower-cased.
    """
    import hashlib  # here, because it takes long, and a window is painted without it

    digest = hashlib.sha256(f"{kind} {'lower' if lower_case else 'as is'}\n".encode())
    for piece in pieces:
        digest.update(piece.encode())
    return digest.hexdigest()

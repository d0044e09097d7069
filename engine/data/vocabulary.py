"""The vocabulary: symbols and their indices."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data.spelling import Spelling, code_points
from engine.data.visible_symbols import quoted, visible
from engine.melody.symbols import pitch_of

END = "\n"
"""The symbol that ends a name."""

DOCUMENT_END = "\x03"
"""The symbol that ends a document, which may have several lines: Unicode's end of text."""

END_INDEX = 0
"""The index of `END`, or of `DOCUMENT_END`, in every vocabulary that has it as its first symbol."""


_PRIVATE = range(0xF0000, 0x110000)
"""Code points for private use, none of which is a letter."""

_SHOWN = 60
"""The most symbols that a message lists."""

_PLAIN = str.maketrans("‘’‚“”„«»‐‑–—…", "'''" + '"' * 5 + "----.")
"""Plain characters in place of typographic quotation marks, dashes and dots."""


class UnknownSymbolError(ValueError):
    """A text has a symbol that the vocabulary lacks.

    Attributes
    ----------
    symbol : str
        The first such symbol.
    nearest : str or None
        What could be written instead, see `Vocabulary.nearest`.
    """

    def __init__(self, symbol: str, vocabulary: "Vocabulary") -> None:
        self.symbol = symbol
        self.nearest = vocabulary.nearest(symbol)
        known = [known for known in vocabulary.symbols if known not in (END, DOCUMENT_END)]
        gap = " " if any(len(each) > 1 for each in known) else ""
        shown = gap.join(map(visible, known[:_SHOWN])) + ("…" if len(known) > _SHOWN else "")
        advice = "" if self.nearest is None else f" Write {quoted(self.nearest)} instead."
        named = quoted(symbol)
        what = f"the letter {named}" if named.startswith("“") else named
        super().__init__(f"The model has never seen {what}.{advice} It knows these: {shown}")


@dataclass(frozen=True)
class Vocabulary:
    """The symbols that a network can read and write, each with its index.

    Attributes
    ----------
    symbols : tuple of str
        Symbols by index. For names, `END` comes first and the others follow in the order of their
        code points. That is the course's order for the dinosaurs: the newline, then a to z. For a
        text, all symbols that occur are in the order of their code points; for documents,
        `DOCUMENT_END` comes before them. A symbol is one code point, or a grapheme cluster of
        several.
    """

    symbols: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.symbols:
            raise ValueError("symbols must have at least one symbol, got none.")
        if len(set(self.symbols)) != len(self.symbols):
            raise ValueError("symbols must not repeat.")

    @classmethod
    def from_names(cls, names: Iterable[str], spelling: Spelling = code_points) -> "Vocabulary":
        """Make a vocabulary of `END` and all symbols that occur in `names`."""
        occurring: set[str] = set()
        for name in names:
            occurring.update(spelling(name))
        occurring.discard(END)
        return cls((END, *sorted(occurring)))

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def ends_names(self) -> bool:
        """Whether the vocabulary is one of names, with `END` at `END_INDEX`."""
        return self.symbols[END_INDEX] == END

    @cached_property
    def spells_notes(self) -> bool:
        """Whether the symbols are those of melodies, which are written with blanks between them."""
        return any(pitch_of(symbol) is not None for symbol in self.symbols)

    @cached_property
    def has_clusters(self) -> bool:
        """Whether some symbol is a grapheme cluster of several code points."""
        return any(len(symbol) > 1 for symbol in self.symbols)

    def split(self, text: str) -> str | tuple[str, ...]:
        """Return the symbols of a text, in their order.

        At each place, this is the longest symbol that fits; and a code point if none does. So a
        name is cut into its grapheme clusters without the library that found them.

        Returns
        -------
        str or tuple of str
            The text itself if every symbol is a single code point.
        """
        return tuple(self._pattern.findall(text)) if self.has_clusters else text

    def one_each(self, text: str) -> str:
        """Return a text with one character for each symbol, to be measured and compared.

        It is not to be shown: characters for private use stand for grapheme clusters.
        """
        if not self.has_clusters:
            return text
        return "".join([self._character_of.get(symbol, symbol) for symbol in self.split(text)])

    def lengths(self, names: Sequence[str]) -> list[int]:
        """Return the length of each name in symbols."""
        return (
            [len(self.split(name)) for name in names] if self.has_clusters else [*map(len, names)]
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Matches the longest symbol, or else a single code point."""
        clusters = sorted((s for s in self.symbols if len(s) > 1), key=len, reverse=True)
        return re.compile("|".join([*map(re.escape, clusters), "."]), re.DOTALL)

    @cached_property
    def _character_of(self) -> dict[str, str]:
        """Grapheme cluster to the character that stands for it."""
        free = (chr(code) for code in _PRIVATE if chr(code) not in self.index_of)
        clusters = (symbol for symbol in self.symbols if len(symbol) > 1)
        return dict(zip(clusters, free, strict=False))

    def nearest(self, symbol: str) -> str | None:
        """Return a known symbol to write instead of an unknown one, or None.

        This is the same letter in the other case, without its accents, or both; or a plain
        quotation mark or hyphen instead of a typographic one.
        """
        bare = unicodedata.normalize("NFD", symbol)[:1].translate(_PLAIN)
        candidates = (symbol.swapcase(), bare, bare.swapcase())
        return next((near for near in candidates if near in self.index_of), None)

    @cached_property
    def index_of(self) -> dict[str, int]:
        """Symbol to index."""
        return {symbol: index for index, symbol in enumerate(self.symbols)}

    def encode(self, text: str) -> NDArray[np.intp]:
        """Turn a text into indices.

        Returns
        -------
        (n,) array
            Indices into `symbols`, one for each symbol of the text.

        Raises
        ------
        UnknownSymbolError
            At the first symbol that the vocabulary lacks.
        """
        index_of, symbols = self.index_of, self.split(text)
        try:
            return np.array([index_of[symbol] for symbol in symbols], dtype=np.intp)
        except KeyError as error:
            raise UnknownSymbolError(self._whole(symbols, error.args[0]), self) from None

    def _whole(self, symbols: Sequence[str], unknown: str) -> str:
        """Return an unknown symbol; with grapheme clusters, as a letter with its marks."""
        if not self.has_clusters:
            return unknown
        start = symbols.index(unknown)
        start -= start > 0 and _is_mark(unknown)
        end = start + 1
        while end < len(symbols) and _is_mark(symbols[end]):
            end += 1
        return "".join(symbols[start:end])

    def decode(self, indices: Iterable[int] | NDArray[np.integer]) -> str:
        """Turn indices into a text. This is the inverse of `encode`."""
        return "".join([self.symbols[index] for index in indices])

    def encode_all(self, names: Sequence[str]) -> "EncodedNames":
        """Encode a list of names, each followed by `END`, in a few array operations.

        Raises
        ------
        UnknownSymbolError
            At the first symbol that the vocabulary lacks.
        ValueError
            If the vocabulary is not one of names.
        """
        if not self.ends_names:
            raise ValueError(
                f"symbols must begin with {END!r} for names, got {self.symbols[:1]!r}."
            )
        text = END.join(names) + END if names else ""
        symbols = self.encode(text) if self.has_clusters else self._encode_code_points(text)
        ends = np.flatnonzero(symbols == END_INDEX) + 1
        symbols.flags.writeable = False
        return EncodedNames(symbols, np.concatenate(([0], ends)))

    def _encode_code_points(self, text: str) -> NDArray[np.intp]:
        """Encode a long text whose symbols are single code points."""
        points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
        known = np.array([ord(symbol) for symbol in self.symbols], dtype=np.uint32)
        order = np.argsort(known)
        places = np.searchsorted(known, points, sorter=order)
        symbols = order[np.minimum(places, len(known) - 1)].astype(np.intp)
        unknown = np.flatnonzero(known[symbols] != points)
        if unknown.size:
            raise UnknownSymbolError(text[unknown[0]], self)
        return symbols


def _is_mark(symbol: str) -> bool:
    """Whether a symbol is a mark on the letter before it."""
    return unicodedata.category(symbol[0])[0] == "M"


@dataclass(frozen=True)
class EncodedNames:
    """A list of names as indices in one array.

    Attributes
    ----------
    symbols : (n_symbols,) array
        Indices of all names, each name followed by `END_INDEX`.
    bounds : (n_names + 1,) array
        Name i is ``symbols[bounds[i]:bounds[i + 1]]``, its `END_INDEX` included.
    kinds : (n_names,) array or None
        The kind of each name, as an index; None if the names have no kinds.
    """

    symbols: NDArray[np.intp]
    bounds: NDArray[np.intp]
    kinds: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, index: int) -> NDArray[np.intp]:
        return self.symbols[self.bounds[index] : self.bounds[index + 1]]

    def take(self, indices: NDArray[np.intp]) -> "EncodedNames":
        """Return the names at `indices`, in this order."""
        chosen = [self[int(index)] for index in indices]
        bounds = np.cumsum([0, *map(len, chosen)])
        kinds = None if self.kinds is None else self.kinds[indices]
        return EncodedNames(np.concatenate(chosen), bounds, kinds)

    def part(self, begin: int, end: int) -> "EncodedNames":
        """Return the names from `begin` up to `end`, whose symbols are not copied."""
        bounds = self.bounds[begin : end + 1]
        kinds = None if self.kinds is None else self.kinds[begin:end]
        return EncodedNames(self.symbols[bounds[0] : bounds[-1]], bounds - bounds[0], kinds)

    @property
    def lengths(self) -> NDArray[np.intp]:
        """Length of each name in symbols, `END` included: (n_names,)."""
        return np.diff(self.bounds)


def kinds_of(names: EncodedNames) -> NDArray[np.intp]:
    """Return the kinds of names that have kinds: (n_names,).

    Raises
    ------
    ValueError
        If they have none.
    """
    if names.kinds is None:
        raise ValueError("names must have kinds.")
    return names.kinds

"""Encodes a text as an array of indices, piece by piece."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.spelling import Spelling, code_points
from engine.data.vocabulary import DOCUMENT_END, END, Vocabulary

Symbols = NDArray[np.unsignedinteger]
Points = NDArray[np.integer]

_CODE_POINTS = 0x110000
_MORE_POINTS = 1 << 16


class TextEncoder:
    """Encodes a text piece by piece.

    A symbol has a point: its code point; or, if it is a grapheme cluster of several, a number above
    all code points. Symbols are numbered in the order in which they occur; `finish` renumbers them
    in their own order.

    Parameters
    ----------
    spelling : Spelling
        Cuts the text into its symbols.
    """

    def __init__(self, spelling: Spelling = code_points) -> None:
        self._spelling = spelling
        self._rest = ""
        self._point_of: dict[str, int] = {}  # of each cluster
        self._number_of = np.full(_CODE_POINTS, -1, dtype=np.int32)
        self._points: list[int] = []
        self._parts: list[Symbols] = []
        self._newlines = self._length = self._line_start = self._longest = 0

    def add(self, piece: str) -> None:
        """Encode the next piece."""
        if self._spelling is not code_points:
            *symbols, self._rest = self._spelling(self._rest + piece) or ("",)
            self.add_points(self.points_of(symbols))  # the last cluster may go on in the next piece
        elif piece.isascii():  # four times as fast
            self.add_points(np.frombuffer(piece.encode("ascii"), dtype=np.uint8))
        else:
            self.add_points(np.frombuffer(piece.encode("utf-32-le"), dtype="<u4"))

    def points_of(self, symbols: Sequence[str]) -> Points:
        """Return the points of symbols: (n,)."""
        clusters = self._point_of
        return np.array(
            [
                ord(symbol)
                if len(symbol) == 1
                else clusters.setdefault(symbol, _CODE_POINTS + len(clusters))
                for symbol in symbols
            ],
            dtype=np.intp,
        )

    def add_points(self, points: Points) -> None:
        """Encode the symbols with these points."""
        while len(self._number_of) < _CODE_POINTS + len(self._point_of):
            more = np.full(_MORE_POINTS, -1, dtype=np.int32)
            self._number_of = np.concatenate((self._number_of, more))
        numbers = self._number_of.take(points)
        if numbers.size and numbers.min() < 0:
            new = np.unique(points[numbers < 0])
            self._number_of[new] = np.arange(len(self._points), len(self._points) + len(new))
            self._points += new.tolist()
            numbers = self._number_of.take(points)
        self._count_lines(np.flatnonzero((points == ord(END)) | (points == ord(DOCUMENT_END))))
        self._length += len(points)
        self._parts.append(numbers.astype(least_type(len(self._points))))

    def finish(self, first: str | None = None) -> tuple[Symbols, Vocabulary]:
        """Join the pieces.

        Parameters
        ----------
        first : str, optional
            The first symbol of the vocabulary. The others follow in the order of their code points.

        Returns
        -------
        symbols : (n,) array, read-only
            In the smallest type that holds them.
        vocabulary : Vocabulary
        """
        if self._rest:
            self.add_points(self.points_of((self._rest,)))
        clusters = list(self._point_of)
        found = [
            chr(point) if point < _CODE_POINTS else clusters[point - _CODE_POINTS]
            for point in self._points
        ]
        order = sorted(
            range(len(found)), key=lambda number: (found[number] != first, found[number])
        )
        place: Symbols = np.argsort(order).astype(least_type(len(order)))
        symbols: Symbols = np.empty(self._length, dtype=place.dtype)
        begin = 0
        self._parts.reverse()
        while self._parts:  # free each part as soon as it is copied
            part = self._parts.pop()
            symbols[begin : begin + len(part)] = place[part]
            begin += len(part)
        symbols.flags.writeable = False
        return symbols, Vocabulary(tuple(found[number] for number in order) or (END,))

    @property
    def lines(self) -> int:
        """The number of lines."""
        return self._newlines + (self._length > self._line_start)

    @property
    def longest_line(self) -> int:
        """The length of the longest line in symbols, without its end."""
        return max(self._longest, self._length - self._line_start)

    def _count_lines(self, newlines: NDArray[np.intp]) -> None:
        if not newlines.size:
            return
        starts = np.concatenate(([self._line_start], self._length + newlines + 1))
        self._longest = max(self._longest, int(np.diff(starts).max()) - 1)
        self._line_start = int(starts[-1])
        self._newlines += len(newlines)


def least_type(count: int) -> type[np.unsignedinteger]:
    """Return the smallest type that holds `count` different indices."""
    if count <= 1 << 8:
        return np.uint8
    return np.uint16 if count <= 1 << 16 else np.uint32

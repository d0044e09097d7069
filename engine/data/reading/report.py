"""What was done with a file as it was read."""

from dataclasses import dataclass

from engine.data.reading.characters import KINDS
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.reading.encodings import UTF_8
from engine.data.reading.kinds.found_kinds import FoundKind
from engine.data.reading.layout import TableReading
from engine.data.training_data import DataKind, counted

_OPTIONS = {
    "melodies": "--melodies",
    "layout": "--layout",
    "column": "--column",
    "header": "--header",
    "delimiter": "--delimiter",
    "weights": "--weights",
    "separator": "--separator",
    "kinds": "--kinds",
    "kind_column": "--kind-column",
    "grid": "--grid",
    "transpose": "--transpose",
}
"""How the command line names the choices that change what is read."""


PLAIN: dict[DataKind, str] = {
    "names": "a list with one name per line",
    "text": "a running text",
    "melodies": "melodies",
}
"""What plain files are taken for."""


@dataclass(frozen=True)
class ReadingReport:
    """What each step of the reading did.

    Attributes
    ----------
    source : str
        What the data are called.
    layout : str
        What it was taken for: a key of `engine.data.reading.registry.LAYOUTS`.
    kind : str
        "names", "text" or "melodies".
    taken_for : str
        The same in words: "a table of 3 columns".
    encoding : str
        The name of the codec.
    choices : ReadingChoices
        What a person had chosen.
    lower_case : bool
        Whether the data were lower-cased.
    details : tuple of str
        What was done, in sentences.
    options : tuple of str
        The fields of `ReadingChoices` that would change it; and "melodies", if that layout would.
    characters : tuple of (str, int)
        The kinds of characters that were dropped or replaced, as in `characters.KINDS`.
    dropped : tuple of (str, int)
        What else was dropped and how much: ("comment", 3).
    compatibility : tuple of str
        Symbols that were kept though they are other symbols in a special form.
    left_out : tuple of str
        Which files of a folder or an archive were left out, in sentences.
    questions : tuple of str
        What the file leaves open, in sentences.
    offers : tuple of str
        What the names could have besides, as kinds, in sentences. Nobody has to be asked.
    before : tuple of str
        The first different names as they stand in the file, with clean characters.
    table : TableReading, optional
    kinds : tuple of FoundKind
        The kinds as they stand in the data, and what becomes of them. Empty if the names have none.
    labels : tuple of str
        What is known of tunes and can be their kind, such as "performer".
    """

    source: str
    layout: str
    kind: DataKind
    taken_for: str
    encoding: str = "utf-8"
    choices: ReadingChoices = AUTOMATIC
    lower_case: bool = True
    details: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    characters: tuple[tuple[str, int], ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()
    compatibility: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    table: TableReading | None = None
    kinds: tuple[FoundKind, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say but what anyone expects."""
        if self.encoding != UTF_8:
            return False
        is_list = not (self.details or self.characters or self.dropped or self.left_out)
        return is_list and self.layout in ("names", "text") and self.taken_for in PLAIN.values()

    def sentence(self) -> str:
        """Return what the command line prints: what it was taken for, and how to change that."""
        encoding = "" if self.encoding == UTF_8 else f", in {self.encoding}"
        parts = [f"“{self.source}” is read as {self.taken_for}{encoding}."]
        parts += [*self.details, *self._dropped(), *self._mentioned(), *self.left_out]
        flags = ["--encoding"] * (self.choices.encoding is not None)
        flags += [self._flag(name) for name in self.options if name in _OPTIONS]
        parts += self.offers
        if flags:
            parts.append(f"Change this with {_listed(flags)}.")
        return " ".join(parts)

    def _flag(self, name: str) -> str:
        """Return the option of a choice; of weights and kinds, with the column that offers them."""
        table, offered = self.table, None
        if table is not None and name == "weights" and table.weights is None:
            offered = next(iter(table.counts), None)
        if table is not None and name == "kind_column" and table.kinds is None:
            offered = next(iter(table.kind_columns), None)
        return _OPTIONS[name] if offered is None else f"{_OPTIONS[name]} {offered}"

    def description(self) -> str:
        """Return what it was taken for and what was done, in sentences for the window."""
        lines = self.lines()
        return " ".join(lines if self.kind == "melodies" else lines[:-1])

    def lines(self) -> tuple[str, ...]:
        """Return the same for the window: a line for each step."""
        first = self.taken_for[:1].upper() + self.taken_for[1:]
        if self.kind == "melodies":  # notes have no letters
            return (f"{first}.", *self.details, *self.left_out)
        return (
            f"{first}, in {self.encoding}.",
            *self.details,
            *self._dropped(),
            *self._mentioned(),
            *self.left_out,
            "The letters are lower-cased." if self.lower_case else "The case of letters is kept.",
        )

    def _dropped(self) -> list[str]:
        """Return sentences on what was dropped and replaced."""
        sentences = []
        for verb, title in (("dropped", "Dropped"), ("replaced", "Replaced")):
            found = [
                counted(count, KINDS[kind][0])
                for kind, count in self.characters
                if KINDS[kind][1] == verb
            ]
            if verb == "dropped":
                found += [_counted_lines(count, what) for what, count in self.dropped]
            if found:
                sentences.append(f"{title}: {', '.join(found)}.")
        return sentences

    def _mentioned(self) -> list[str]:
        if not self.compatibility:
            return []
        return [
            f"Kept as they are: {''.join(self.compatibility[:20])}, which are other symbols in a "
            "special form."
        ]


def _counted_lines(count: int, what: str) -> str:
    noun, _, rest = what.partition(" ")
    return f"{counted(count, noun)} {rest}".rstrip()


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

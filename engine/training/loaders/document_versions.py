"""The versions in which documents are read: as they are, or melodies in every key."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.document_list import DocumentList
from engine.data.melodies import SHIFTS, Melodies
from engine.data.text import Text


@dataclass(frozen=True, eq=False)
class DocumentVersions:
    """Documents in one or more versions. An epoch reads each document in one of them.

    Attributes
    ----------
    documents : DocumentList
        Version v of document d has the place ``d * count + v``.
    count : int
        Versions of each document.
    """

    documents: DocumentList
    count: int = 1

    def draw(self, random: np.random.Generator) -> NDArray[np.intp]:
        """Return the places of an epoch: each document once, in random order and version."""
        n_documents = len(self.documents) // self.count
        order = random.permutation(n_documents)
        if self.count == 1:
            return order
        return order * self.count + random.integers(self.count, size=n_documents)


def versions_of(text: Text, documents: DocumentList) -> DocumentVersions:
    """Return the versions in which documents of a text are read.

    Melodies are read in all keys if that was chosen. With more of them, a network knows keys from
    intervals sooner.
    """
    if not isinstance(text, Melodies) or text.transpose != "all":
        return DocumentVersions(documents)
    tables = np.stack([text.notes.transposed(shift) for shift in SHIFTS])
    tables = tables.astype(documents.symbols.dtype)
    ends = documents.bounds[1:-1]
    tunes = np.split(documents.symbols, ends)
    versions = np.concatenate([tables[:, tune].ravel() for tune in tunes])
    kinds = None if documents.kinds is None else np.repeat(documents.kinds, len(tables))
    return DocumentVersions(DocumentList(versions, kinds), len(tables))

"""The held-out examples of a run that tells kinds, one by one: names, or passages of tunes."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.passages import passages_of, split_tunes
from engine.data.text import Text
from engine.data.vocabulary import EncodedNames


@dataclass(frozen=True)
class HeldOutExamples:
    """What is held out, and what to call it.

    Attributes
    ----------
    encoded : EncodedNames
        With kinds.
    titles : sequence of str
        The names; of passages, the title of the tune and the bars: "Doxy, bars 9–16".
    """

    encoded: EncodedNames
    titles: Sequence[str]

    @classmethod
    def of(cls, data: Corpus | Text, seed: int, share: float) -> "HeldOutExamples":
        """Return what a run on some data holds out.

        Parameters
        ----------
        data : Corpus or Melodies
            With kinds.
        seed : int
            The run's.
        share : float
            Share that is held out.

        Raises
        ------
        ValueError
            If it is a text, whose documents have no kinds.
        """
        if isinstance(data, Corpus):
            _, places = data.split_places(seed, share)
            return cls(data.encoded_at(places), data.distinct_at(places.tolist()))
        if not isinstance(data, Melodies) or data.documents is None:
            raise ValueError("data must be names or tunes, got a text.")
        _, numbers = split_tunes(data, seed, share)
        passages = passages_of(data, numbers)
        titles = passages.titles([data.tunes[number] for number in numbers.tolist()])
        return cls(passages.encoded(data.documents.take(numbers)), titles)

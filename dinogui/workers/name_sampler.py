"""The worker that writes and reads names: neither the window nor the training waits for it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields

import numpy as np

from dinogui.common.kept_name import KeptName, kept_row
from dinogui.common.sampling_messages import Measurement, NameReading, NamesOfRun
from dinogui.workers.service import Order, RefusedError, Worker
from engine.data.vocabulary import UnknownSymbolError
from engine.nn.kinds import of_blend
from engine.sampling.candidates import Candidate, SearchResult, find_candidates
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.export import export, export_rows
from engine.sampling.known_names import (
    FRESH_NAMES,
    KnownNames,
    NoveltyCounts,
    count_fresh_names,
)
from engine.sampling.names import sample_names
from engine.sampling.scoring import next_letter_probabilities, score_names
from engine.training.messages import Snapshot

_LONGEST_REST_MILLISECONDS = 60

_MEASURED_KINDS = 20
"""The most kinds of which names are measured: each takes as long as a search for names."""


class NameSampler(Worker):
    """Searches names round by round, between which it takes other orders.

    Lives in the names thread. A later search takes the place of an earlier one.
    """

    task = "Writing names"
    refusals = (SamplingError, UnknownSymbolError)

    def __init__(self) -> None:
        super().__init__()
        self._names: NamesOfRun | None = None
        self._known: KnownNames | None = None
        self._search: Iterator[SearchResult] | None = None
        self._searched_for: Order | None = None
        self._next_round = self.timer(NameSampler._search_on, single_shot=True)

    def learn_of(self, names: NamesOfRun) -> None:
        """Take note of a run's names; they are split when they are first needed."""
        self._names, self._known = names, None

    def search(self, snapshot: Snapshot, constraints: Constraints) -> None:
        """Search names; report what was found after each round, and answer with the last of it.

        Raises
        ------
        SamplingError
            If the constraints cannot be met; its `field` names the one to change.
        """
        self._stop_search()
        self._search = find_candidates(
            snapshot.parameters,
            snapshot.vocabulary,
            constraints,
            self._known_names(),
            step=snapshot.step,
        )
        self._searched_for = self.defer()
        self._next_round.start(0)

    def _stop_search(self, found: SearchResult | None = None) -> None:
        """End the search that is under way, if there is one, and answer it."""
        self._next_round.stop()
        order, self._search, self._searched_for = self._searched_for, None, None
        if order is not None:
            self.finish(order, found)

    def _search_on(self) -> None:
        """Search another round, then rest for as long as it took, so that training goes on."""
        order = self._searched_for
        if self._search is None or order is None:
            return
        if order.is_cancelled:
            self._stop_search()
            return
        start = time.perf_counter()
        found = next(self._search)
        if found.is_over:
            self._stop_search(found)
        else:
            self.report(found, order)
            rest = round((time.perf_counter() - start) * 1_000)
            self._next_round.start(min(max(rest, 1), _LONGEST_REST_MILLISECONDS))

    def recover_from(self, error: Exception, order: Order | None) -> None:
        """Drop the search if it has failed."""
        if order is None:
            self.halt()
            self._search = self._searched_for = None

    def read_name(self, snapshot: Snapshot, text: str) -> NameReading:
        """Return which letter could come next in a name, and how surprising it is so far.

        Raises
        ------
        UnknownSymbolError
            If the network does not know a letter of it.
        """
        network = snapshot.parameters, snapshot.vocabulary
        return NameReading(
            text,
            snapshot.step,
            snapshot.vocabulary.symbols,
            next_letter_probabilities(*network, text),
            score_names(*network, [text])[0],
            self._known_names().status_of(text),
        )

    def complete_name(self, snapshot: Snapshot, text: str, longest: int, seed: int) -> str:
        """Return a name that begins with a text, the rest of it sampled.

        Raises
        ------
        SamplingError, UnknownSymbolError
            If the network can write no such name.
        """
        network = snapshot.parameters, snapshot.vocabulary
        return sample_names(*network, 1, seed=seed, prefix=text, max_length=longest)[0]

    def measure(self, snapshot: Snapshot, longest: int) -> Measurement:
        """Return how many of a thousand fresh names are new, memorised, and so on.

        A network that is told kinds writes as many names of each of them; if there are many, of
        some that are spread over their list.
        """
        start, architecture = time.perf_counter(), snapshot.parameters.architecture
        networks = [snapshot.parameters]
        if architecture.n_kinds:
            n_kinds = architecture.n_kinds
            kinds = np.linspace(0, n_kinds - 1, min(n_kinds, _MEASURED_KINDS)).round().astype(int)
            networks = [of_blend(snapshot.parameters, np.eye(n_kinds)[kind]) for kind in kinds]
        counted = [
            count_fresh_names(
                network,
                snapshot.vocabulary,
                self._known_names(),
                seed=snapshot.step,
                count=-(-FRESH_NAMES // len(networks)),
                max_length=longest,
                on_progress=self.stop_if_closing,
            )
            for network in networks
        ]
        shares = NoveltyCounts(
            *(sum(getattr(each, field.name) for each in counted) for field in fields(NoveltyCounts))
        )
        return Measurement(snapshot.step, shares, time.perf_counter() - start)

    def export(self, path: str, candidates: Sequence[Candidate], form: str) -> str:
        """Write names to a file, completely or not at all, and return its path.

        Raises
        ------
        RefusedError
            If it cannot be written.
        """
        _write(path, lambda: export(path, candidates, form))
        return path

    def export_kept(self, path: str, names: Sequence[KeptName], form: str) -> str:
        """Write kept names to a file, completely or not at all, and return its path.

        Raises
        ------
        RefusedError
            If it cannot be written.
        """
        columns = [field.name for field in fields(KeptName)]
        rows = [kept_row(kept) for kept in names]
        _write(path, lambda: export_rows(path, rows, columns, form))
        return path

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        if order is not None and order.method in (NameSampler.export, NameSampler.export_kept):
            return _not_written(order.arguments[0], error)
        return (
            f"No names could be written ({type(error).__name__}: {error}). "
            "Help > Show log file has the details."
        )

    def _known_names(self) -> KnownNames:
        if self._known is None:
            self._known = self._names.known() if self._names else KnownNames(())
        return self._known


def _write(path: str, write: Callable[[], None]) -> None:
    from engine.runs.saved_network import is_saved_network  # no start needs to wait for it

    if is_saved_network(path):
        sentence = f"“{path}” is a saved run. Names do not replace it. Choose another file."
        raise RefusedError(sentence)
    try:
        write()
    except OSError as error:
        raise RefusedError(_not_written(path, error.strerror or error)) from error
    except ValueError as error:  # a name that no file can hold
        raise RefusedError(_not_written(path, error)) from error


def _not_written(path: str, reason: object) -> str:
    return (
        f"“{path}” cannot be written: {reason}. If there was such a file before, it is unchanged. "
        "Choose another folder."
    )

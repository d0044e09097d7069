"""The worker that measures a network on everything that its run holds out."""

import time

from dinogui.workers.service import Worker
from engine.evaluation.held_out.data import HeldOutData
from engine.training.messages import HeldOutLoss, RunRequest, Snapshot

_REST, _LONGEST_REST = 3.0, 0.2
"""A rest takes three times as long as the part before, but at most so many seconds."""

_REPORT_EVERY = 0.01
"""Share of the work between two reports."""


class HeldOutMeasurer(Worker):
    """Measures snapshots of networks, and reports the share that is done.

    Lives in the measuring thread.
    """

    task = "Measuring the held-out loss"

    def __init__(self) -> None:
        super().__init__()
        self._run_id: int | None = None
        self._held_out: HeldOutData | None = None
        self._part_began = self._reported = 0.0
        self._rests = False

    def measure(self, request: RunRequest, snapshot: Snapshot, rests: bool) -> HeldOutLoss:
        """Return the loss of a snapshot on everything that its run holds out.

        Parameters
        ----------
        request : RunRequest
            The run. It holds something out.
        snapshot : Snapshot
        rests : bool
            Whether to rest between the parts, so that a training that goes on keeps its pace.
        """
        if self._held_out is None or self._run_id != request.run_id:
            self._held_out = request.held_out_data()
            self._run_id = request.run_id
        self._rests, self._reported = rests, 0.0
        self._part_began = time.perf_counter()
        loss = self._held_out.loss(snapshot.parameters, in_full=True, on_progress=self._go_on)
        losses = loss.nats_per_name, loss.nats_per_character
        return HeldOutLoss(snapshot.step, *losses, loss.accuracy)

    def _go_on(self, share: float) -> None:
        """Stop if the measurement is no longer wanted, rest, and report."""
        self.order.raise_if_cancelled()
        if self._rests:
            time.sleep(min(_REST * (time.perf_counter() - self._part_began), _LONGEST_REST))
        if share - self._reported >= _REPORT_EVERY:
            self._reported = share
            self.report(share)
        self._part_began = time.perf_counter()

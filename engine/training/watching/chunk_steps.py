"""The steps of a chunk: their losses, judged in blocks and smoothed together."""

from collections.abc import Sequence
from types import TracebackType

from engine.training.messages import Chunk, HeldOutLoss
from engine.training.ranges import LOST
from engine.training.watching.loss_watch import LossWatch
from engine.training.watching.smoothing import SmoothedLoss


class ChunkSteps:
    """Collects the results of steps for a chunk.

    At the end of a ``with`` block, the losses are smoothed, whatever has ended it.

    Parameters
    ----------
    smoothed : SmoothedLoss
    watch : LossWatch
        Is given every block of steps that is full.
    batch : int
        Names, windows or streams of a step.
    taken : int
        Examples read before the first step.

    Attributes
    ----------
    is_told : bool
        Whether the watch has noticed that a rise of the loss began or ended.
    has_lost : bool
        Whether the loss of a step was not below `LOST`. That step is not among the others.
    """

    def __init__(self, smoothed: SmoothedLoss, watch: LossWatch, batch: int, taken: int) -> None:
        self.is_told = self.has_lost = False
        self._smoothed, self._watch, self._batch = smoothed, watch, batch
        self._totals = [taken]  # examples read after each step that is not smoothed yet
        self._losses: list[float] = []
        self._sizes: list[float] = []
        self._smoothed_losses: list[float] = []
        self._smoothed_sizes: list[float] = []
        self._block, self._block_end = 0, watch.steps_left  # indices in these lists

    def __len__(self) -> int:
        return len(self._losses)

    def __enter__(self) -> "ChunkSteps":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.smooth()

    def add_one(self, step: int, loss: float, size: float, taken: int) -> int:
        """Add a step, unless it is lost; see `add`."""
        if not loss < LOST:
            self.has_lost = True
            return step
        self._totals.append(taken)
        self._losses.append(loss)
        self._sizes.append(size)
        step += 1
        if len(self._losses) == self._block_end:
            self._end_block(step)
        return step

    def add(self, step: int, losses: Sequence[float], sizes: Sequence[float], taken: int) -> int:
        """Add one or more steps. If the last one is lost, it is left out, and sets `has_lost`.

        Parameters
        ----------
        step : int
            Steps made before.
        losses, sizes : sequence of float
            As `engine.training.learner.Learner.learn_ahead` returns them.
        taken : int
            Examples read by now. All these steps have read equally many.

        Returns
        -------
        int
            Steps made by now, without one that is lost.
        """
        before = self._totals[-1]
        examples = (taken - before) // len(losses)
        if not losses[-1] < LOST:
            self.has_lost = True
            losses, sizes, taken = losses[:-1], sizes[:-1], taken - examples
        self._totals += range(before + examples, taken + 1, examples)
        step -= len(self._losses)  # steps made before the chunk
        self._losses += losses
        self._sizes += sizes
        while self._block_end <= len(self._losses):
            self._end_block(step + self._block_end)
        return step + len(self._losses)

    def _end_block(self, step: int) -> None:
        block, end = self._block, self._block_end
        rises = self._watch.add_block(
            step, self._losses[block:end], self._sizes[block:end], self._batch
        )
        self.is_told = self.is_told or rises
        self._block, self._block_end = end, end + self._watch.steps_left

    def close_block(self) -> None:
        """Give the watch the steps that do not fill a block."""
        self._watch.add(self._losses[self._block :], self._sizes[self._block :])

    def smooth(self) -> None:
        """Smooth the losses of the steps added so far.

        Together, as each step by itself would take several times as long.
        """
        begin = len(self._smoothed_losses)
        if begin == len(self._losses):
            return
        before, *totals = self._totals
        losses, sizes = self._smoothed.add(
            self._losses[begin:], self._sizes[begin:], self._batch, before, totals
        )
        self._smoothed_losses += losses
        self._smoothed_sizes += sizes
        self._totals = totals[-1:]

    def chunk(self, held_out: list[HeldOutLoss]) -> Chunk:
        """Return the chunk of these steps, which are smoothed."""
        return Chunk.of(
            *(self._losses, self._sizes, self._smoothed_losses, self._smoothed_sizes),
            held_out=held_out,
        )

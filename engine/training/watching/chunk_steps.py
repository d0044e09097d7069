"""The steps of a chunk: their losses, smoothed one after the other, and judged in blocks."""

from engine.training.messages import Chunk, HeldOutLoss
from engine.training.ranges import LOST
from engine.training.watching.loss_watch import LossWatch
from engine.training.watching.smoothing import SmoothedLoss


class ChunkSteps:
    """Collects the results of steps for a chunk.

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
        self._add, self._watch, self._batch, self._taken = smoothed.add, watch, batch, taken
        self._losses: list[float] = []
        self._sizes: list[float] = []
        self._smoothed: list[tuple[float, float]] = []
        self._block, self._block_end = 0, watch.steps_left  # indices in these lists

    def __len__(self) -> int:
        return len(self._losses)

    def add(self, step: int, made: list[tuple[float, float]], taken: int) -> int:
        """Add steps, up to one that is lost, which sets `has_lost`.

        Parameters
        ----------
        step : int
            Steps made before.
        made : list of (loss, characters)
            As `engine.training.learner.Learner.learn_ahead` returns them.
        taken : int
            Examples read by now. All these steps have read equally many.

        Returns
        -------
        int
            Steps made by now, without one that is lost.
        """
        examples = (taken - self._taken) // len(made)
        losses, sizes, smoothed = self._losses, self._sizes, self._smoothed
        for loss, characters in made:
            if not loss < LOST:
                self.has_lost = True
                break
            step += 1
            before = self._taken
            self._taken = now = before + examples
            smoothed.append(self._add(loss, characters, self._batch, before, now))
            losses.append(loss)
            sizes.append(characters)
            if len(losses) == self._block_end:
                self._end_block(step)
        return step

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

    def chunk(self, held_out: list[HeldOutLoss]) -> Chunk:
        """Return the chunk of these steps."""
        losses, sizes = zip(*self._smoothed, strict=True) if self._smoothed else ((), ())
        return Chunk.of(self._losses, self._sizes, losses, sizes, held_out=held_out)

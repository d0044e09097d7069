"""The ways back to an earlier network of a run: by choice, and after a divergence."""

from dataclasses import replace

from engine.nn.resizing.undo import Resizings
from engine.training.learner import NetworkCopy
from engine.training.live_run.changed_run import ChangedRun
from engine.training.live_run.observed_run import LeftNetwork
from engine.training.record import Change, EventKind, changes_between


class ReturningRun(ChangedRun):
    """A run that can go back to earlier networks; each way back is an event in its record."""

    def roll_back(self, *, halve_rate: bool = False) -> None:
        """Record that the run continues from the last good parameters, which are in place already.

        Parameters
        ----------
        halve_rate : bool
            Whether to halve the learning rate in force as well. It falls on from there.

        Raises
        ------
        ValueError
            If the run has not just diverged, or the record is full.
        """
        self._guard.check()
        self._log.check_room(ordered=True)
        if not halve_rate:
            self._add_event("roll back")
            return
        halved = self.hyperparameters.at_half_rate()
        changes = changes_between(self.hyperparameters, halved)
        self._add_event("roll back and halve the rate", *changes)
        self.hyperparameters = halved

    def go_back(self, *, halve_rate: bool = False) -> None:
        """Continue from the last network whose loss was healthy.

        The optimizer and the moving average of the loss start over. The learning rate in force
        stays what it is now, and does not become again what it was at that network.

        Parameters
        ----------
        halve_rate : bool
            Whether to halve the learning rate in force. It falls on from there.

        Raises
        ------
        RecordFullError
            If the record has no room for it. Nothing is changed then.
        """
        before = self.hyperparameters
        after = before.at_half_rate() if halve_rate else before
        kind: EventKind = "go back and halve the rate" if halve_rate else "go back"
        self._log.check_room(ordered=True)
        step, parameters = self._last_healthy()
        self._left_for_healthy = self._leave_network()
        # Undoing a later resize would bring back units of another network.
        if self._log.has_resized_since(step):
            self.learner.resizings = Resizings()
        self._add_event(kind, Change("step", self.step, step), *changes_between(before, after))
        self.hyperparameters = after
        self.learner.go_to(parameters, after)
        self._guard.go_to(step, parameters)
        self._watch.begin_again()
        self._ending.wait_anew()
        self._smoothed = self._new_average()

    @property
    def can_undo_go_back(self) -> bool:
        """Whether the network that `go_back` has left last is still known."""
        return self._left_for_healthy is not None

    def undo_go_back(self) -> None:
        """Return to the network that `go_back` has left last; it can be undone once.

        The hyperparameters, but for the widths, stay as they are. `go_back` still leads to the
        network that it has led to.

        Raises
        ------
        ValueError
            If that network is no longer known; a run that was resumed does not know it.
        """
        self._log.check_room(ordered=True)
        left = _known(self._left_for_healthy)
        self._left_for_healthy = None
        self._go_to_copy("undo go back", left.step, left.network)
        self.learner.resizings = left.resizings
        self._smoothed = left.smoothed

    def go_on(self) -> None:
        """Continue from the parameters that the run diverged with.

        The optimizer starts over. If the loss is still not a number, the run diverges again.

        Raises
        ------
        ValueError
            If the run has not just diverged, or those parameters are not finite or have other
            widths, or the record is full.
        """
        diverged = self._guard.diverged(self.parameters.architecture)
        self._log.check_room(ordered=True)
        self._add_event("go on")
        self.learner.go_to(diverged, self.hyperparameters)
        self._guard.settle()
        self._watch.begin_again()

    def go_to_best(self) -> None:
        """Go back to the network with the lowest held-out loss, and go on from there.

        Its widths come back as well, and its moments if the optimizer is the same. The data and
        the steps go on from where they are, and so does the learning rate, which falls on. Nothing
        happens if the network is the best already.

        Raises
        ------
        ValueError
            If nothing is held out.
        """
        best = self.best
        if best is None:
            raise ValueError("Nothing is held out, so there is no best network.")
        if self.is_at_best:
            return
        self._log.check_room(ordered=True)
        self._left_for_best = self._leave_network()
        self._go_to_copy("go to best", best.step, best.network)
        self._guard.keep(self.step, self.parameters)
        self.learner.resizings = Resizings()

    @property
    def can_undo_go_to_best(self) -> bool:
        """Whether the network that `go_to_best` has left last is still known."""
        return self._left_for_best is not None

    def undo_go_to_best(self) -> None:
        """Return to the network that `go_to_best` has left last; it can be undone once.

        Raises
        ------
        ValueError
            If that network is no longer known; a run that was resumed does not know it.
        """
        self._log.check_room(ordered=True)
        left = _known(self._left_for_best)
        self._left_for_best = None
        self._go_to_copy("undo go to best", left.step, left.network)
        self._guard.keep(self.step, self.parameters)
        self.learner.resizings = left.resizings

    def _leave_network(self) -> LeftNetwork:
        """Return what is needed to come back to the present network."""
        network = self.learner.copy_network(self.hyperparameters)
        return LeftNetwork(self.step, network, self.learner.resizings.copy(), self._smoothed)

    def _go_to_copy(self, kind: EventKind, step: int, copy: NetworkCopy) -> None:
        """Continue from an earlier network of the run, and measure it again."""
        before = self.hyperparameters
        after = replace(before, widths=copy.parameters.architecture.widths)
        self._add_event(kind, Change("step", self.step, step), *changes_between(before, after))
        self.learner.go_to_copy(copy, after)
        self.hyperparameters = after
        self._guard.settle()
        self._watch.begin_again()
        self._measure()
        self._ending.wait_anew()


def _known(left: LeftNetwork | None) -> LeftNetwork:
    """Return a network that a run has left.

    Raises
    ------
    ValueError
        If it is no longer known.
    """
    if left is None:
        raise ValueError("The network that the run has left is no longer known.")
    return left

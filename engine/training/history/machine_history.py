"""On which machines a run was made: a replay on another one may differ in the last bits."""

from dataclasses import asdict, dataclass, fields

from engine.nn.machine import Machine, this_machine
from engine.storage.validated_mapping import StateDict, ValidatedMapping, shown
from engine.training.ranges import MAX_STEPS

MAX_MACHINES = 100
"""Most machines in the history of a run. Of more, the latest are kept."""

_MAX_WORD = 200
"""Characters of the longest name of a processor or a library."""


@dataclass(frozen=True)
class MachineEntry:
    """A machine, and where in a run its steps begin.

    Attributes
    ----------
    step : int
        Steps made before it.
    machine : Machine
    """

    step: int
    machine: Machine


class MachineHistory:
    """The machines that a run was made on, the first of them first.

    Parameters
    ----------
    backend : str
        What computes the steps now, one of `engine.nn.backends.BACKENDS`.

    Attributes
    ----------
    backend : str
    entries : tuple of MachineEntry
        Those that were restored. The present one is not among them unless it was the last.
    """

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.entries: tuple[MachineEntry, ...] = ()
        self._begin = 0

    def state(self) -> StateDict:
        """Return the machines, the present one included, as JSON values."""
        entries, machine = self.entries, this_machine(self.backend)
        if not entries or entries[-1].machine != machine:
            entries = (*entries, MachineEntry(self._begin, machine))[-MAX_MACHINES:]
        return {"machines": [{"step": each.step} | asdict(each.machine) for each in entries]}

    def restore(self, state: ValidatedMapping, step: int) -> None:
        """Continue the history of a run that has made `step` steps."""
        self.entries, self._begin = machines_of(state), step


def machines_of(state: ValidatedMapping) -> tuple[MachineEntry, ...]:
    """Return the machines that `MachineHistory.state` has listed.

    Raises
    ------
    ValueError
        If it is no such list; the message names what is wrong.
    """
    listed = state.value("machines")
    if not isinstance(listed, list) or len(listed) > MAX_MACHINES:
        raise ValueError(
            f"machines must be a list of at most {MAX_MACHINES} machines, got {shown(listed)}."
        )
    return tuple(map(_entry_of, listed))


def _entry_of(values: object) -> MachineEntry:
    if not isinstance(values, dict):
        raise ValueError(f"A machine must be an object, got {shown(values)}.")
    stored = ValidatedMapping(values)
    names = [field.name for field in fields(Machine)]
    if "compiler" not in values:  # a run from before there was one
        names.remove("compiler")
    machine = Machine(**{name: stored.text(name, _MAX_WORD) for name in names})
    return MachineEntry(stored.whole("step", most=MAX_STEPS), machine)


def describe_machines(entries: tuple[MachineEntry, ...], backend: str) -> str:
    """Say how the machines of a run differ from this one with a backend, in a sentence."""
    if not entries:
        return "Its file does not say on which machine it was made."
    if entries[0].step:
        return f"Its file does not name the machine of its first {entries[0].step:,} steps."
    here = this_machine(backend)
    others = tuple(dict.fromkeys(each.machine for each in entries if each.machine != here))
    if not others:
        return "Its file was made on a machine like this one."
    made = "; ".join(other.describe_difference(here) for other in others)
    differing = dict.fromkeys(here.describe_difference(other) for other in others)
    return f"Its file was made with {made}. This machine has {'; '.join(differing)}."

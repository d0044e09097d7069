"""Where in the window there is what goes into a run's file beside its curves."""

from collections.abc import Callable

from dinogui.actions import Actions
from dinogui.panels.names import NamesPanel
from dinogui.panels.writing import WritingPanel
from dinogui.run_log import RunLog
from dinogui.session import Session
from dinogui.view_state import ViewState


class RunView:
    """Gathers what is known of the run in hand, and shows it again.

    Parameters
    ----------
    session : Session
    actions : Actions
    log : RunLog
    names : NamesPanel
    writing : WritingPanel
    """

    def __init__(
        self,
        session: Session,
        actions: Actions,
        log: RunLog,
        names: NamesPanel,
        writing: WritingPanel,
    ) -> None:
        self._session, self._actions, self._log = session, actions, log
        self._names, self._writing = names, writing

    def follow(self) -> Callable[[], ViewState]:
        """Return what tells the state of this run, also once there is another."""
        workshop = self._session.workshop
        unit = self._actions.unit_group.checkedAction().data()
        entries, measurements = self._log.entries, workshop.measurements
        starred = tuple(kept for kept in workshop.kept.names if kept.data == workshop.data)
        last_seed = self._desk.last_seed
        return lambda: ViewState(unit, tuple(entries), tuple(measurements), starred, last_seed)

    def show(self, state: ViewState) -> None:
        """Show it again, of the run that has just been opened."""
        workshop = self._session.workshop
        self._actions.units[state.unit].trigger()
        self._log.recall(state.log)
        workshop.recall(state.meter)
        self._desk.recall_seed(state.last_seed)
        missing = [kept for kept in state.starred if kept.key not in workshop.kept]
        if missing:
            workshop.kept.keep(missing)

    @property
    def _desk(self) -> NamesPanel | WritingPanel:
        """Where people let this run's network write."""
        return self._writing if self._session.kind == "text" else self._names

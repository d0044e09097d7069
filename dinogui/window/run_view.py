"""Where in the window there is what goes into a run's file beside its curves."""

from collections.abc import Callable

from dinogui.common.actions import Actions
from dinogui.library.view_state import ViewState
from dinogui.panels.names.names import NamesPanel
from dinogui.panels.text.writing import WritingPanel
from dinogui.session.session import Session
from dinogui.window.run_log import RunLog


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
        name_generation = self._session.name_generation
        unit = self._actions.unit_group.checkedAction().data()
        entries, measurements = self._log.entries, name_generation.measurements
        starred = tuple(
            kept for kept in name_generation.kept.names if kept.data == name_generation.data
        )
        last_seed = self._text_generation.last_seed
        return lambda: ViewState(unit, tuple(entries), tuple(measurements), starred, last_seed)

    def show(self, state: ViewState) -> None:
        """Show it again, of the run that has just been opened."""
        name_generation = self._session.name_generation
        self._actions.units[state.unit].trigger()
        self._log.recall(state.log)
        name_generation.recall(state.meter)
        self._text_generation.recall_seed(state.last_seed)
        missing = [kept for kept in state.starred if kept.key not in name_generation.kept]
        if missing:
            name_generation.kept.keep(missing)

    @property
    def _text_generation(self) -> NamesPanel | WritingPanel:
        """Where people let this run's network write."""
        return self._writing if self._session.kind == "text" else self._names

"""What the panels show of a run, gathered for the run's file and shown again from it."""

from dinogui.common.actions.window_actions import Actions
from dinogui.library.view_state import ViewState
from dinogui.session.run import Run
from dinogui.session.session import Session
from dinogui.window.layout.right_columns import RightColumns
from dinogui.window.parts.run_log import RunLog
from engine.data.corpus import Corpus


class PanelsRunView:
    """The `RunView` of the main window.

    Parameters
    ----------
    session : Session
    actions : Actions
    log : RunLog
    columns : RightColumns
        What asks the networks for names, text and melodies.
    """

    def __init__(
        self,
        session: Session,
        actions: Actions,
        log: RunLog,
        columns: RightColumns,
    ) -> None:
        self._session, self._actions, self._log = session, actions, log
        self._columns = columns

    def state_of(self, run: Run) -> ViewState:
        """Return what the panels show of the run shown, without its log and measurements."""
        kept_names = self._session.name_generation.kept.names
        data = run.corpus.source if isinstance(run.corpus, Corpus) else None
        return ViewState(
            unit=self._actions.unit_group.checkedAction().data(),
            starred=tuple(kept for kept in kept_names if kept.data == data),
            last_seed=self._columns.of(run.kind).last_seed(),
        )

    def show(self, state: ViewState) -> None:
        """Show what was stored of the run that has just been opened."""
        name_generation = self._session.name_generation
        self._actions.units[state.unit].trigger()
        self._log.recall(state.log)
        name_generation.recall(state.meter)
        self._columns.of(self._session.kind).recall_seed(state.last_seed)
        missing = [kept for kept in state.starred if kept.key not in name_generation.kept]
        if missing:
            name_generation.kept.keep(missing)

"""Which kinds of names the network of the run shown is asked to write."""

from PySide6.QtCore import QObject, Signal

from dinogui.session.blend.shares import Shares
from engine.data.training_data import counted
from engine.nn.kinds import of_blend
from engine.nn.parameters import Parameters
from engine.training.messages import Snapshot


class ChosenBlend(QObject):
    """Knows the kind, or the blend of kinds, at which the network is looked at.

    At a kind or a blend, a network that is told kinds is one like any other. So whoever looks at
    the network, or lets it write, needs to know nothing of kinds. The training is never touched.

    Lives in the GUI thread.

    Attributes
    ----------
    titles : tuple of str
        All kinds that the run's network is told; empty if it is told none.
    counts : dict of str to int
        How many examples of each there are in the data.
    noun : str
        What to call an example: "name".
    shares : Shares or None
        What is chosen; None if the network is told no kinds.
    wanted : Shares or None
        What was last chosen, in whatever run.

    Signals
    -------
    titles_changed()
        The kinds are others. `changed` is not emitted besides.
    changed()
        Another blend is chosen among the same kinds.
    """

    titles_changed = Signal()
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.titles: tuple[str, ...] = ()
        self.counts: dict[str, int] = {}
        self.noun = "name"
        self.shares: Shares | None = None
        self.wanted: Shares | None = None
        self._whole: Snapshot | None = None  # what `_taken` was made from
        self._taken: Snapshot | None = None

    @property
    def words(self) -> str:
        """What is chosen: "Greek", or "60 % Greek, 40 % Irish"; empty if there are no kinds."""
        return "" if self.shares is None else self.shares.words

    @property
    def weights(self) -> tuple[float, ...] | None:
        """The weight of each kind; None if the network is told no kinds."""
        return None if self.shares is None else tuple(self.shares.weights(self.titles).tolist())

    def counted(self, title: str) -> str:
        """Return how many examples of a kind there are in the data: "12 names"."""
        return counted(self.counts.get(title, 0), self.noun)

    def show_kinds(self, counts: dict[str, int], noun: str = "name") -> None:
        """Choose among the kinds of another run: what was chosen before, or else the first kind.

        Parameters
        ----------
        counts : dict of str to int
            The kinds that its network is told, in their order, and how many examples each has.
        noun : str
            What to call an example.
        """
        before, self.counts, self.noun = (self.titles, self.shares), counts, noun
        self.titles = tuple(counts)
        self.shares = None
        if self.titles:
            kept = self.wanted.among(self.titles) if self.wanted is not None else None
            self.shares = kept or Shares.only(self.titles[0])
        self._forget()
        if before != (self.titles, self.shares):
            self.titles_changed.emit()

    def choose(self, shares: Shares) -> None:
        """Choose a blend. Kinds that the network is not told are left out of it."""
        self.wanted = shares
        known = shares.among(self.titles)
        if known is not None and known != self.shares:
            self.shares = known
            self._forget()
            self.changed.emit()

    def choose_only(self, title: str) -> None:
        """Choose one kind."""
        self.choose(Shares.only(title))

    def add_or_drop(self, title: str) -> None:
        """Add a kind to the blend, or leave it out if it is in it; the last one stays."""
        if self.shares is None:
            return
        is_in = title in self.shares.titles
        self.choose(self.shares.without_kind(title) if is_in else self.shares.with_kind(title))

    def _forget(self) -> None:
        self._whole = self._taken = None

    def plain(self, parameters: Parameters) -> Parameters:
        """Return what another network is at the blend; itself if it is not told these kinds."""
        architecture = parameters.architecture
        if self.shares is None or architecture.task == "tell":
            return parameters
        if architecture.n_kinds != len(self.titles):
            return parameters
        return of_blend(parameters, self.shares.weights(self.titles))

    def taken_from(self, snapshot: Snapshot) -> Snapshot:
        """Return what a network is at the blend; itself if it is not told kinds.

        Parameters
        ----------
        snapshot : Snapshot
            A network as it is trained.
        """
        if snapshot.parameters.architecture.task != "write" or not snapshot.kinds:
            return snapshot
        if self._taken is None or self._whole is not snapshot:
            shares = self.shares.among(snapshot.kinds) if self.shares is not None else None
            shares = shares or Shares.only(snapshot.kinds[0])
            self._whole = snapshot
            self._taken = snapshot.of_blend(shares.weights(snapshot.kinds))
        return self._taken

"""What the worker that writes names refuses to replace."""

import pytest

from dinogui.common.kept_name import KeptName
from dinogui.workers.name_sampler import NameSampler
from dinogui.workers.service import RefusedError
from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.runs.saved_network import SavedNetwork, save_network


def test_names_replace_a_list_but_no_run(qapp, tmp_path):
    run, names = tmp_path / "run.npz", tmp_path / "names.txt"
    vocabulary = Vocabulary.from_names(["ab"])
    save_network(run, SavedNetwork(Parameters(Architecture(3, widths=(4,))), vocabulary))
    before = run.read_bytes()
    names.write_text("old", encoding="utf-8")
    worker, kept = NameSampler(), (KeptName("rex", "dinos.txt", "RNN 50", 10, 1.5),)
    for export, given in ((worker.export_kept, kept), (worker.export, ())):
        with pytest.raises(RefusedError, match=r"is a saved run\. Names do not replace it"):
            export(str(run), given, "txt")
    assert run.read_bytes() == before
    worker.export_kept(str(names), kept, "txt")
    assert names.read_text(encoding="utf-8") == "Rex\n"

"""What a run holds out, and the part of it that is measured while the run trains.

A network and the n-gram models beside it are measured on exactly the same names or symbols. If all
that is held out is quick to measure, all is measured. Otherwise a part is, which is chosen once: of
names, a sample drawn by the run's seed; of a text, pieces from all over the held-out end; of
documents, the beginnings of a sample. All of it is measured where there is time: at a pause, at the
end of training, and by ``evaluate``. Begin with `data`.
"""

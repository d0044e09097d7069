"""The window is killed at random moments: no run that it had the time to write is lost."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from engine.racing.race_folder import open_lanes
from engine.storage.archive import open_archive

KILLS = 100
STEPS = 300
OPENING_SECONDS = 300.0
"""A start that takes longer hangs, however busy the machine is."""

PATIENCE_SECONDS = 8.0
"""Every run is written within that after so many steps, on a busy machine as well."""


class Killed:
    """Starts the window again and again, and knows from its log what must not be lost."""

    def __init__(self, folder, root):
        self.folder, self.root = folder, root
        self.log = folder / "log.txt"
        self.promised = {}  # seeds, and why
        self.runs, self.races, self.checks = set(), set(), 0

    def start(self, seed, *words):
        program = Path(__file__).with_name("random_session.py")
        return subprocess.Popen(
            [
                *(sys.executable, "-X", "faulthandler", program),
                *(str(self.folder), str(seed), str(STEPS), *words),
            ],
            env=os.environ | {"PYTHONPATH": str(self.root)},
        )

    @property
    def has_listed(self):
        """Whether the window has listed what it offers, and begins to do things."""
        return self.log.exists() and "listed" in self.log.read_text(encoding="utf-8")

    def wait_until_listed(self, process):
        """Wait until the window has listed what it offers, or has ended by itself."""
        patient_until = time.monotonic() + OPENING_SECONDS
        while process.poll() is None and not self.has_listed:
            if time.monotonic() > patient_until:
                process.send_signal(signal.SIGABRT)  # it prints where all its threads stand
                process.wait(timeout=60)
                pytest.fail(f"the window does not open within {OPENING_SECONDS:.0f} s")
            time.sleep(0.02)

    def read_log(self, killed_at):
        """Check what the window listed, and note what it promised until it was killed."""
        reached, offered = {}, {}
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        for line in text.splitlines():
            what, *values = line.split()
            if what == "offered":
                offered[int(values[0])] = max(int(values[1]), offered.get(int(values[0]), 0))
            elif what == "listed":
                self.check(offered)
            elif what == "reached":
                reached[int(values[0])] = float(values[1])
            elif what == "written" and int(values[1]) >= STEPS:
                self.promised[int(values[0])] = "it was written"
            elif what == "deleted":
                self.promised.pop(int(values[0]), None)
                reached.pop(int(values[0]), None)
        for seed, at in reached.items():
            if killed_at - at > PATIENCE_SECONDS:
                self.promised.setdefault(seed, "there was time to write it")
        self.runs |= self.promised.keys()
        self.log.unlink(missing_ok=True)

    def check_races(self):
        """Check that each race that is kept is whole."""
        for path in (self.folder / "autosave" / "races").glob("*/race.json"):
            with suppress(FileNotFoundError):  # the window has renamed it
                self.races.add(path.parent.name.partition("-")[2])
                assert len(open_lanes(path.parent)) == 2

    def check(self, offered):
        self.checks += 1
        saved = {}
        for path in self.folder.glob("saved-*.npz"):
            with open_archive(path) as archive:
                header = archive.json("header")
            saved[header["seed"]] = max(header["step"], saved.get(header["seed"], 0))
        for seed, why in self.promised.items():
            step = max(offered.get(seed, 0), saved.get(seed, 0))
            assert step >= STEPS, f"run {seed} is lost (step {step}), although {why}"


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
def test_no_run_is_lost_by_a_hundred_kills(tmp_path, root, verse):
    (tmp_path / "names.txt").write_text("anna\nbob\nclara\ndavid\nemma\nfrida\n" * 9)
    (tmp_path / "text.txt").write_text(verse)
    random = np.random.default_rng(5)
    killed = Killed(tmp_path, root)
    for number in range(KILLS):
        process = killed.start(1_000 * (number + 1))
        try:
            if random.random() < 0.9:  # the others are killed while they start
                killed.wait_until_listed(process)
            time.sleep(random.uniform(0, 6) if random.random() < 0.8 else random.uniform(8, 12))
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=60)
        killed.read_log(time.monotonic())
        killed.check_races()
    last = killed.start(10_000_000, "quit")
    assert last.wait(timeout=120) == 0
    killed.read_log(time.monotonic())
    print(f"{KILLS} kills, {len(killed.runs)} runs promised, looked for at {killed.checks} starts.")
    assert killed.races
    assert killed.checks > KILLS / 2
    assert len(killed.runs) > KILLS / 2

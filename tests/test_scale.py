"""Many parts: the same bytes whoever works, whatever stops the work; and what fails is told."""

import errno
import functools
import gc
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import mapping_of, real_data
from villages import SIZES, layers, villages

import minenet
from minenet.assumptions import Assumptions
from minenet.errors import AssumptionError, InputError, OutputError, SourceError
from minenet.parts import cut
from minenet.scale import Settings, engine_of, run_area
from minenet.scale.codec import BrokenError, pack, unpack
from minenet.scale.engine import _Dask, _seen_by
from minenet.scale.jobs import Done, do
from minenet.scale.run import signature
from minenet.scale.tally import Tally, through_all_stages
from minenet.scale.tasks import STAGES, Task
from minenet.scale.work import Work
from minenet.timing import Timings

NUMBERS = Assumptions.default()
SETTINGS = Settings(NUMBERS)
PARTS = 3
TASKS = PARTS * len(STAGES)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Cut villages as cities are cut."""
    small = functools.partial(cut, **SIZES)
    monkeypatch.setattr("minenet.scale.run.cut", small)
    monkeypatch.setattr(sys.modules["minenet.assess"], "cut", small)


@functools.cache
def area():
    return villages()


def bytes_of(result, folder):
    path = folder / "result.gpkg"
    minenet.write_result(result, path)
    data = path.read_bytes()
    path.unlink()
    return data


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The result of all parts one after the other in memory, as bytes: no folder, no engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["minenet.assess"], "cut", functools.partial(cut, **SIZES))
        return bytes_of(minenet.assess(area()), tmp_path_factory.mktemp("expected"))


class Here:
    """The engine of this process, with an order of its own, that may stop on the way."""

    def __init__(self, *, shuffled=None, stop_after=None, stop=KeyboardInterrupt):
        self.random, self.left, self.stop = shuffled, stop_after, stop

    def run(self, tasks):
        tasks = list(tasks)
        if self.random:
            self.random.shuffle(tasks)
        for task in tasks:
            if self.left is not None:
                if self.left == 0:
                    raise self.stop
                self.left -= 1
            yield do(task)


def ran(folder, engine=None, given=None, settings=SETTINGS, write=lambda _: None):
    return run_area(given or area(), settings, folder / "work", engine or Here(), write=write)


# --- the same bytes -----------------------------------------------------------------------------------------------------


def test_one_process_without_dask_gives_the_same_bytes(tmp_path, expected, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setitem(sys.modules, "dask", None)
    with engine_of() as engine:
        outcome = ran(tmp_path, engine)
    assert outcome.parts == PARTS
    assert bytes_of(outcome.result, tmp_path) == expected
    assert not (tmp_path / "work").exists()


def test_any_order_gives_the_same_bytes(tmp_path, expected):
    outcome = ran(tmp_path, Here(shuffled=random.Random(8)))
    assert bytes_of(outcome.result, tmp_path) == expected


def test_two_local_workers_give_the_same_bytes(tmp_path, expected):
    with engine_of(2) as engine:
        outcome = ran(tmp_path, engine)
    assert not outcome.failed
    assert outcome.megabytes > 0
    assert bytes_of(outcome.result, tmp_path) == expected


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two worker processes joined over TCP."""
    log = (tmp_path / "log").open("w")
    common = {"stdout": log, "stderr": log, "cwd": tmp_path}
    address = tmp_path / "scheduler.json"
    flags = ["--no-dashboard", "--scheduler-file", str(address)]
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *flags]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(address)]
    worker += ["--nthreads", "1", "--no-dashboard", "--no-nanny"]
    processes = [subprocess.Popen(dask, **common)]
    try:
        for _ in range(600):
            if address.exists() and address.stat().st_size:
                break
            time.sleep(0.1)
        processes += [subprocess.Popen(worker, **common) for _ in range(2)]
        import json

        yield json.loads(address.read_text())["address"], processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
        log.close()


def test_two_workers_over_tcp_give_the_same_bytes(tmp_path, expected, cluster):
    address, _ = cluster
    assert address.startswith("tcp://")
    with engine_of(scheduler=address) as engine:
        engine._client.wait_for_workers(2, timeout=60)
        outcome = ran(tmp_path, engine)
    assert not outcome.failed
    assert bytes_of(outcome.result, tmp_path) == expected


def test_a_worker_that_is_killed_loses_nothing(tmp_path, expected, cluster):
    address, (_, first, _) = cluster

    class Killing(_Dask):
        def run(self, tasks):
            for number, done in enumerate(super().run(tasks)):
                if number == 0 and first.poll() is None:
                    first.send_signal(signal.SIGKILL)
                yield done

    with engine_of(scheduler=address) as engine:
        engine._client.wait_for_workers(2, timeout=60)
        outcome = ran(tmp_path, Killing(engine._client))
    assert first.poll() is not None
    assert not outcome.failed
    assert bytes_of(outcome.result, tmp_path) == expected


@pytest.mark.real
def test_real_delft_in_parts_gives_the_same_bytes_for_any_number_of_workers(tmp_path, monkeypatch):
    small = functools.partial(cut, most_homes=60, enough_homes=60)
    monkeypatch.setattr("minenet.scale.run.cut", small)
    monkeypatch.setattr(sys.modules["minenet.assess"], "cut", small)
    name = "delft_terraced_street"
    delft = minenet.read_area(real_data() / f"{name}.gpkg", mapping=mapping_of(name))
    whole = bytes_of(minenet.assess(delft), tmp_path)
    outcome = ran(tmp_path, Here(shuffled=random.Random(1)), delft)
    assert outcome.parts > 2
    assert bytes_of(outcome.result, tmp_path) == whole
    with engine_of(2) as engine:
        assert bytes_of(ran(tmp_path, engine, delft).result, tmp_path) == whole
    assert not [f for f in minenet.verify(outcome.result, delft) if f.outcome == "broken"]


# --- going on -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("finished", [1, PARTS + 2])
def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path, expected, finished):
    with pytest.raises(KeyboardInterrupt, match=f"{finished} finished steps .* the same command goes on"):
        ran(tmp_path, Here(stop_after=finished))
    outcome = ran(tmp_path)
    assert outcome.again == finished
    assert bytes_of(outcome.result, tmp_path) == expected


DRIVER = """
import functools, sys
import minenet.scale.run
from minenet.parts import cut
minenet.scale.run.cut = functools.partial(cut, most_homes=25, enough_homes=25)
from minenet.cli import main
import signal; signal.signal(signal.SIGINT, signal.default_int_handler)
main(sys.argv[1:])
"""


def written(path, given=None):
    for name, layer in (given or layers()).items():
        layer.to_file(path, layer=name, driver="GPKG")
    return path


def started(folder, *more):
    command = [sys.executable, "-c", DRIVER, "assess", "area.gpkg", "-o", "result.gpkg", *more]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stopped_at(process, folder, tasks, how):
    """Stop a run by a signal once so many tasks are finished."""
    for _ in range(1200):
        if len(list(folder.glob("result.gpkg.work/*/*.knew/[0-9]*"))) >= tasks:
            break
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(how)
    return process.communicate(timeout=60)


def test_a_run_that_was_killed_gives_the_same_bytes_when_started_again(tmp_path):
    written(tmp_path / "area.gpkg")
    for tasks in (1, 7):
        process = started(tmp_path)
        stopped_at(process, tmp_path, tasks, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert not (tmp_path / "result.gpkg").exists()
    process = started(tmp_path)
    assert process.communicate(timeout=300)[1].strip() == ""
    assert process.returncode == 0
    after_kills = (tmp_path / "result.gpkg").read_bytes()
    assert not (tmp_path / "result.gpkg.work").exists()
    (tmp_path / "result.gpkg").unlink()
    process = started(tmp_path)
    process.communicate(timeout=300)
    assert (tmp_path / "result.gpkg").read_bytes() == after_kills


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_cleanly_and_says_how_to_go_on(tmp_path, workers):
    written(tmp_path / "area.gpkg")
    process = started(tmp_path, "--workers", str(workers))
    _, err = stopped_at(process, tmp_path, 2, signal.SIGINT)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "the same command goes on from there" in " ".join(err.split())
    process = started(tmp_path)
    process.communicate(timeout=300)
    assert process.returncode == 0


def test_what_other_assumptions_gave_is_never_mixed_in(tmp_path, expected):
    other = Settings(Assumptions.default().override({"costs": {"gas_eur_m3": 2.0}}, where="test"))
    with pytest.raises(KeyboardInterrupt):
        ran(tmp_path, Here(stop_after=2), settings=other)
    outcome = ran(tmp_path)
    assert outcome.again == 0
    assert bytes_of(outcome.result, tmp_path) == expected


def test_what_another_input_gave_is_never_mixed_in(tmp_path, expected):
    more = layers()
    more["buildings"].loc[0, "gas_m3"] = 900.0
    with pytest.raises(KeyboardInterrupt):
        ran(tmp_path, Here(stop_after=2), minenet.make_area(more))
    outcome = ran(tmp_path)
    assert outcome.again == 0
    assert bytes_of(outcome.result, tmp_path) == expected


def test_the_signature_hears_every_change():
    before = signature(area(), SETTINGS)
    assert signature(villages(), SETTINGS) == before
    moved = layers()
    moved["streets"].geometry = moved["streets"].translate(0.001)
    assert signature(minenet.make_area(moved), SETTINGS) != before
    assert signature(area(), Settings(NUMBERS, None, ["Dorpsstraat"])) != before
    assert signature(area(), Settings(NUMBERS, minenet.Profile.example())) != before


# --- faults -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unwritten(tmp_path_factory):
    """The work folder of a run that was stopped just before its result was written."""
    folder = tmp_path_factory.mktemp("unwritten")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("minenet.scale.run.cut", functools.partial(cut, **SIZES))
        with pytest.raises(KeyboardInterrupt):
            ran(folder, write=_stop)
    return folder / "work"


def _stop(_):
    raise KeyboardInterrupt


@pytest.fixture
def work(tmp_path, unwritten):
    """A copy of it."""
    return Path(shutil.copytree(unwritten, tmp_path / "work"))


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-20])


def changed(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def emptied(path):
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "stage"),
    [
        (cut_off, "pieces"),
        (changed, "grouped"),
        (emptied, "grouped.told"),
        (Path.unlink, "designed.knew"),
        (changed, "judged.told"),
        (cut_off, "concluded"),
    ],
)
def test_a_spoilt_file_is_noticed_and_made_anew(tmp_path, expected, work, spoil, stage):
    spoil(next(work.glob(f"*/{stage}/0000001")))
    outcome = ran(tmp_path)
    assert outcome.again == TASKS - (stage != "pieces")  # the same piece comes again: nothing after it changes
    assert bytes_of(outcome.result, tmp_path) == expected


def test_the_clock_does_not_matter(tmp_path, expected, work):
    for number, path in enumerate(sorted(work.rglob("0*"))):
        when = 0 if number % 2 else 4_000_000_000
        os.utime(path, (when, when))
    outcome = ran(tmp_path)
    assert outcome.again == TASKS
    assert bytes_of(outcome.result, tmp_path) == expected


def test_two_runs_on_one_output_do_not_meet(tmp_path):
    work = Work(tmp_path / "work", "s")
    with work.alone(), pytest.raises(OutputError, match="another run is at work here"):
        ran(tmp_path)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_is_full_or_shut_stops_the_run_and_keeps_what_is_finished(tmp_path, expected, monkeypatch, code):
    calls = []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) > 12:
            raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr("minenet.scale.work.os.fsync", fsync)
        with pytest.raises(OutputError, match="What is finished is kept"):
            ran(tmp_path)
    assert not [p for p in (tmp_path / "work").rglob(".*") if p.is_file()]
    outcome = ran(tmp_path)
    assert outcome.again > 0
    assert bytes_of(outcome.result, tmp_path) == expected


def test_a_small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        with pytest.raises(OutputError, match="No space left"):
            ran(disk)
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        assert not ran(disk).failed
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_work_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        ran(tmp_path / "file")


@pytest.mark.parametrize("name", ["thesis.doc", "my-important-thesis-2026/all.doc", "my-important-thesis-202"])
def test_a_folder_of_something_else_is_left_alone(tmp_path, name):
    file = tmp_path / "work" / name
    file.parent.mkdir(parents=True)
    file.write_text("")
    with pytest.raises(OutputError, match="holds something else than unfinished work"):
        ran(tmp_path)
    assert file.exists()


def test_a_link_that_is_called_like_unfinished_work_is_left_alone(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / ("0" * 24)).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="holds something else than unfinished work"):
        ran(tmp_path)
    assert (tmp_path / "elsewhere" / "file").exists()


def test_a_run_that_ends_takes_nothing_from_the_next(tmp_path):
    """The hold of the one is the last that goes; what then begins in the folder is of another."""
    ending, next_one = (Work(tmp_path / "work", digit * 64) for digit in "12")
    with ending.alone():
        ending.begin()
        with pytest.raises(OutputError, match="another run is at work here"), next_one.alone():
            pass
        ending.remove()
        assert not (tmp_path / "work").exists()
        with next_one.alone():
            next_one.begin()
            assert next_one.folder.is_dir()


def test_a_hold_on_a_file_that_is_gone_is_none(tmp_path, monkeypatch):
    """Between opening and holding the lock, the run that had it ended and removed it."""
    work, true = Work(tmp_path / "work", "1" * 64), sys.modules["minenet.scale.work"]._held

    def held(descriptor):
        (tmp_path / "work" / "lock").unlink()
        return true(descriptor)

    monkeypatch.setattr("minenet.scale.work._held", held)
    with pytest.raises(OutputError, match="another run is at work here"), work.alone():
        pass


@pytest.mark.parametrize("where", ["run", "submit", "completed"])
@pytest.mark.parametrize("error", ["CancelledError", "CommClosedError", "AttributeError"])
def test_a_scheduler_that_is_lost_is_said_in_words(monkeypatch, where, error):
    """Between two steps or in the middle of one, whatever dask then raises; what is finished is kept."""
    distributed = pytest.importorskip("distributed")
    kinds = {"CancelledError": distributed.CancelledError, "CommClosedError": distributed.comm.CommClosedError}
    begun, cancelled = [], []

    def lost(at):
        if at == where:
            raise kinds.get(error, AttributeError)("lost")

    class Client:
        status = "closed" if error == "AttributeError" else "connecting"

        def submit(self, *_, **__):
            lost("submit" if begun else "")
            begun.append(object())
            return begun[-1]

        def run(self, *_):
            lost("run")
            return {"worker": (True, minenet.__version__)}

        def cancel(self, futures, **_):
            cancelled.extend(futures)
            raise AttributeError("closed")

    monkeypatch.setattr("distributed.as_completed", lambda _: lost("completed"))
    jobs = [Task(Path(), "s", "designed", number, (), SETTINGS) for number in (7, 8)]
    with pytest.raises(SourceError, match="the scheduler was lost.*the same command goes on"):
        list(_Dask(Client()).run(jobs))
    assert cancelled == begun  # also of a step that was just beginning


def test_a_fault_of_our_own_is_not_laid_to_the_scheduler():
    class Client:
        status = "running"

        def run(self, *_):
            raise ValueError("ours")

        def cancel(self, *_, **__):
            pass

    with pytest.raises(ValueError, match="ours"):
        list(_Dask(Client()).run([Task(Path(), "s", "designed", 7, (), SETTINGS)]))


def test_a_folder_that_a_worker_may_not_look_at_is_one_that_it_does_not_see():
    assert _seen_by("n" * 5000) == (False, minenet.__version__)


def test_a_scheduler_that_is_killed_between_two_steps_is_said_in_words(tmp_path, cluster):
    address, processes = cluster
    jobs = [Task(tmp_path, "s", "designed", 7, (), SETTINGS)]
    with engine_of(scheduler=address) as engine:
        engine._client.wait_for_workers(2, timeout=60)
        processes[0].kill()
        processes[0].wait()
        engine._client._timeout = 1  # by itself it tries for 15 s to reach it again
        with pytest.raises(SourceError, match="the scheduler was lost.*the same command goes on"):
            list(engine.run(jobs))


@pytest.mark.parametrize("stage", ["group_part", "judge_part"])
def test_a_part_that_fails_is_told_and_the_rest_goes_on(tmp_path, expected, monkeypatch, stage):
    true = getattr(sys.modules["minenet.scale.tasks"], stage)

    def failing(piece, *more, **options):
        if piece.number == 1:
            raise ValueError("no luck")
        return true(piece, *more, **options)

    with monkeypatch.context() as patch:
        patch.setattr(f"minenet.scale.tasks.{stage}", failing)
        outcome = ran(tmp_path)
    assert outcome.failed == {1: "ValueError: no luck"}
    homes = outcome.result.homes
    assert len(homes) == 60
    assert (homes["left_out_reason"] == "part_failed").sum() == 20
    assert homes["cluster_id"].notna().any()
    notes = outcome.result.provenance.set_index("key")["value"]
    assert notes["failed.part.1"] == "ValueError: no luck"
    assert notes["left_out.homes.part_failed"] == "20"
    assert not [f for f in minenet.verify(outcome.result, area()) if f.outcome == "broken"]
    again = ran(tmp_path)  # the reason is gone: what others did without the part is done again, with it
    assert not again.failed
    assert again.again >= 1
    assert bytes_of(again.result, tmp_path) == expected


def test_all_parts_may_fail(tmp_path, monkeypatch):
    def failing(*_, **__):
        raise MemoryError

    monkeypatch.setattr("minenet.scale.tasks.group_part", failing)
    outcome = ran(tmp_path)
    assert set(outcome.failed.values()) == {"there is not enough memory"}
    assert (outcome.result.homes["left_out_reason"] == "part_failed").all()


def test_the_command_says_which_part_failed_and_leaves_with_4(run, tmp_path, monkeypatch):
    def failing(*_, **__):
        raise InputError("a fixed borehole stands in a house")

    monkeypatch.setattr("minenet.scale.tasks.conclude", failing)
    code, out, _ = run("assess", written(tmp_path / "area.gpkg"), "-o", "result.gpkg")
    assert code == 4
    assert "3 of 3 parts failed" in out
    assert "a fixed borehole stands in a house" in out
    assert (tmp_path / "result.gpkg").exists()
    assert (tmp_path / "result.gpkg.work").is_dir()


def test_a_worker_that_dies_again_and_again_fails_its_part():
    class KilledWorker(Exception):  # noqa: N818 - its name is what dask calls it
        pass

    class Future:
        def exception(self):
            return KilledWorker("...")

    done = _Dask(None)._came_of(Future(), Task(Path(), "s", "designed", 7, (), SETTINGS))
    assert done == Done("designed", 7, "its worker died: too little memory, or killed")


def test_names_of_streets_are_read_from_one_part_after_the_other(tmp_path):
    alive = []

    class Part:
        def __init__(self, number):
            self.named = np.array([f"street {number}", None], dtype=object)

    class Counted(Work):
        def kept(self, _stage, number, _kind):
            gc.collect()
            assert not [part for part in alive if part() is not None]
            part = Part(number)
            alive.append(weakref.ref(part))
            return part

    class Engine:
        def run(self, tasks):
            return [Done(task.stage, task.number) for task in tasks]

    def through(*streets):
        beside = dict.fromkeys(range(3), ())
        work, tally = Counted(tmp_path, "s"), Tally(Timings(), lambda _: None)
        through_all_stages(work, Engine(), beside, Settings(NUMBERS, streets=streets), tally)
        return tally.done

    assert through("street 0", "street 2") == TASKS
    with pytest.raises(AssumptionError, match="no home lies in street `street 3`. Did you mean"):
        through("street 3")


def test_dask_that_is_not_installed_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(AssumptionError, match="dask is not installed"), engine_of(2):
        pass


def test_workers_that_do_not_start(monkeypatch):
    """Said in words, with what to do."""

    def busy(**_):
        raise RuntimeError("Cluster failed to start: timed out")

    monkeypatch.setattr("distributed.LocalCluster", busy)
    with pytest.raises(SourceError, match="the workers did not start"), engine_of(2):
        pass


def test_two_runs_beside_each_other_have_a_web_server_each():
    """Dask would take port 8787 for both, and warn."""
    with engine_of(2) as one, engine_of(2) as other:
        assert list(one.run([])) == list(other.run([])) == []


def test_an_address_where_nobody_answers():
    with pytest.raises(SourceError, match="nobody answers"), engine_of(scheduler="tcp://127.0.0.1:9"):
        pass


def test_an_address_that_is_none():
    with pytest.raises(SourceError, match="nobody answers"), engine_of(scheduler="nonsense://"):
        pass


def test_an_input_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path / "area.gpkg")
    true = minenet.sources.files.read_layer

    def reading(file, layer):
        frame = true(file, layer)
        with path.open("ab") as stream:
            stream.write(b"\0")
        return frame

    monkeypatch.setattr("minenet.sources.files.read_layer", reading)
    with pytest.raises(InputError, match="changed while it was read"):
        minenet.read_area(path)


# --- bytes --------------------------------------------------------------------------------------------------------------


def test_frames_come_back_as_they_were():
    frame = pd.DataFrame(
        {
            "text": pd.Series(["a", None], dtype="str"),
            "whole": pd.Series([1, None], dtype="Int64"),
            "truth": pd.Series([True, None], dtype="boolean"),
            "number": [0.1 + 0.2, np.nan],
        }
    )
    pd.testing.assert_frame_equal(unpack(pack(frame), pd.DataFrame), frame, check_exact=True)
    assert pack(frame) == pack(frame.copy())


def test_other_bytes_are_refused():
    with pytest.raises(BrokenError):
        unpack(pack(pd.DataFrame({"a": [1]})), Work)
    with pytest.raises(BrokenError):
        unpack(b"", pd.DataFrame)


def test_nothing_but_tables_and_texts_is_carried():
    with pytest.raises(TypeError, match="is not carried"):
        pack(print)

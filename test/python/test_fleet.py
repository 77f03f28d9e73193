"""Claims, requests and workers of a place, without any trainer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from because_fleet import claims, memory_kills
from because_fleet.attempts import note_attempt, starved, tries
from because_fleet.claims import Claim, condition, identity
from because_fleet.look import last_line, look_at, tail
from because_fleet.place import Place, check_run, create_json, read_json, write_json
from because_fleet.requests import accept_jobs, check_sender, confirm_job, request_runs, withdraw_runs
from because_fleet.work import kind_of, next_group

RUN, OTHER = "a" * 16, "b" * 16


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place with two jobs."""
    made = Place(tmp_path)
    made.prepare()
    for run in (RUN, OTHER):
        (made.jobs / run).mkdir()
        (made.jobs / run / "job.json").write_text("{}")
    return made


def ask(place: Place, run: str = RUN, **more: object) -> str:
    return request_runs(place, [{"run": run, "group": [run], **more}])[run]


def gone() -> dict[str, object]:
    """A process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    facts = identity(process.pid)
    process.wait()
    return facts


def try_to_take(path: Path) -> bool:
    return Claim(path).take()


def hold_for_a_while(path: Path) -> bool:
    taken = Claim(path).take()
    time.sleep(0.5)  # alive while the others try
    return taken


def test_of_many_processes_exactly_one_takes_a_claim(tmp_path: Path) -> None:
    with ProcessPoolExecutor(8) as pool:
        for number in range(5):
            taken = list(pool.map(hold_for_a_while, [tmp_path / f"{number}.json"] * 8))
            assert sum(taken) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_of_many_processes_exactly_one_takes_over_what_is_lost(tmp_path: Path) -> None:
    with ProcessPoolExecutor(8) as pool:
        for number in range(5):
            path = tmp_path / f"{number}.json"
            write_json(path, {**gone(), "token": "old"})
            assert condition(path) == "lost"
            assert sum(pool.map(hold_for_a_while, [path] * 8)) == 1


def test_a_number_that_another_process_has_by_now_is_no_holder(tmp_path: Path) -> None:
    path = tmp_path / "claim.json"
    write_json(path, {**identity(os.getpid()), "began": 1, "token": "old"})
    assert condition(path) == "lost"
    write_json(path, {**identity(os.getpid()), "boot": "another", "token": "old"})
    assert condition(path) == "lost"
    write_json(path, {**identity(os.getpid()), "token": "old"})
    assert condition(path) == "held"


def test_from_another_machine_silence_decides_by_the_clock_of_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "claim.json"
    write_json(path, {**identity(1), "host": "elsewhere", "token": "old"})
    assert condition(path) == "held"
    long_ago = time.time() - claims.SILENT_SECONDS - 5
    os.utime(path, (long_ago, long_ago))
    assert condition(path) == "lost"


def test_who_lost_a_claim_notices_and_does_not_release_the_others(tmp_path: Path) -> None:
    path = tmp_path / "claim.json"
    mine = Claim(path)
    assert mine.take()
    assert mine.beat()
    path.unlink()
    theirs = Claim(path)
    assert theirs.take()
    assert not mine.beat()
    mine.release()
    assert theirs.beat()
    theirs.release()
    assert condition(path) == "free"


def test_a_run_is_asked_for_once_whoever_asks(place: Place) -> None:
    assert ask(place, order=2) == "new"
    assert ask(place, order=1) == "known"
    assert read_json(place.record(RUN))["order"] == 2
    assert ask(place, "c" * 16) == "no job"
    write_json(place.manifest(OTHER), {"status": "done"})
    assert ask(place, OTHER) == "done"


def test_what_failed_can_be_asked_for_again(place: Place) -> None:
    write_json(place.manifest(RUN), {"status": "failed"})
    write_json(place.ending(RUN), {"status": "failed"})
    assert ask(place) == "new"
    assert look_at(place, RUN)["manifest"] is None
    assert look_at(place, RUN)["ending"] is None


def test_jobs_are_put_in_place_whole_and_never_replaced(place: Place) -> None:
    arrived = place.incoming / "laptop1"
    for run, content in ((RUN, "other"), ("c" * 16, "new")):
        (arrived / run).mkdir(parents=True)
        (arrived / run / "job.json").write_text(content)
    (arrived / ("d" * 16)).mkdir()  # without its job
    assert accept_jobs(place, "laptop1") == [RUN, "c" * 16]
    assert (place.jobs / RUN / "job.json").read_text() == "{}"
    assert (place.jobs / ("c" * 16) / "job.json").read_text() == "new"
    assert not (place.jobs / ("d" * 16)).exists()
    assert not arrived.exists()


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "-x", "A" * 16, "a" * 15, None])
def test_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="16 hex digits"):
        check_run(name)


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "é"])
def test_senders_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        check_sender(name)


def test_withdrawn_runs_are_not_begun_and_those_that_are_held_are_asked_to_stop(place: Place) -> None:
    ask(place)
    ask(place, OTHER)
    Claim(place.claim(OTHER)).take()
    withdraw_runs(place, [RUN, OTHER, "c" * 16])
    assert next_group(place) is None
    assert not place.stop(RUN).exists()
    assert place.stop(OTHER).exists()
    assert look_at(place, RUN)["ending"]["status"] == "cancelled"
    assert not place.ending("c" * 16).exists()


def test_groups_come_in_order_and_wait_for_what_they_need(place: Place) -> None:
    ask(place, RUN, order=1, needs=[OTHER])
    ask(place, OTHER, order=2, python="/p", package="/k", environment={"B": "2", "A": "1"})
    found = next_group(place)
    assert found is not None
    assert found[0] == [OTHER]
    assert (found[1].python, found[1].package, found[1].environment) == ("/p", "/k", (("A", "1"), ("B", "2")))
    write_json(place.manifest(OTHER), {"status": "done"})
    place.record(OTHER).unlink()
    found = next_group(place)
    assert found is not None
    assert found[0] == [RUN]
    assert kind_of({}).python == sys.executable


def test_the_schedulers_id_is_noted_beside_what_was_asked_for(place: Place) -> None:
    ask(place, order=3)
    confirm_job(place, [RUN, OTHER], "123_4")
    assert read_json(place.record(RUN))["job"] == "123_4"
    assert read_json(place.record(RUN))["order"] == 3
    assert not place.record(OTHER).exists()


def test_tries_count_from_when_it_was_asked_for_and_leave_out_what_left_as_asked(place: Place) -> None:
    note_attempt(place, RUN, "begun")
    time.sleep(0.01)
    ask(place)
    for event in ("begun", "left", "begun", "ended", "begun"):
        note_attempt(place, RUN, event, memory=event == "ended")
    assert tries(place, RUN) == 2
    assert starved(place, RUN) == 1
    with place.attempts(RUN).open("a") as file:
        file.write('{"half')
    assert tries(place, RUN) == 2


def test_the_last_line_is_the_last_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    assert last_line(path) is None
    path.write_text(json.dumps({"step": 1}) + "\n" + json.dumps({"step": 2}) + '\n{"step"')
    assert last_line(path) == {"step": 2}
    assert tail(path, 3) == b'ep"'


def test_of_several_writers_one_creates_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    assert create_json(path, 1)
    assert not create_json(path, 2)
    assert read_json(path) == 1


def test_memory_kills_are_counted_where_the_system_says_so() -> None:
    counted = memory_kills.memory_kills()
    assert counted is None or counted >= 0

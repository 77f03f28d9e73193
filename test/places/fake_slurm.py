"""Stands for Slurm's commands in tests, under their names: keeps jobs in a folder beside itself, does them, and lies.

`lies.json` says how: `sbatch`, `squeue`, `sacct` name a lie each; `tasks` lists, for each start of a task, whether its
script is run (`run`: how many times, `together` for all at once), which state it ends in, and whether it is forgotten.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
YESTERDAY = 20 * 3600


def lies() -> dict[str, Any]:
    """What is to be lied about now."""
    found: dict[str, Any] = json.loads((HERE / "lies.json").read_text())
    return found


def option(name: str) -> str | None:
    """The value of a long option."""
    return next((each.partition("=")[2] for each in sys.argv if each.startswith(f"--{name}=")), None)


def sbatch() -> int:
    """Queue an array."""
    lie = lies().get("sbatch")
    size = int(re.findall(r"\d+", option("array") or "0-0")[1]) + 1
    note("sbatch", str(size))
    if lie == "killed before":
        os.kill(os.getppid(), signal.SIGKILL)
        return 1
    if isinstance(lie, int) and size > lie:
        print("sbatch: error: QOSMaxSubmitJobPerUserLimit", file=sys.stderr)
        print("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy", file=sys.stderr)
        return 1
    job = str(1000 + len(list(HERE.glob("job-*.json"))))
    script = next(place for place, each in enumerate(sys.argv) if place > 0 and not each.startswith("--"))
    facts = {"job": job, "name": option("job-name"), "log": option("output"), "argv": sys.argv[script:]}
    (HERE / f"job-{job}.json").write_text(json.dumps(facts))
    for index in range(size):
        state(job, index, "PENDING")
    # Slurm's own: it goes on when whoever submitted is gone.
    subprocess.Popen(
        [sys.executable, __file__, "carry-out", job, str(size)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if lie == "killed":
        os.kill(os.getppid(), signal.SIGKILL)
        return 1
    if lie == "unheard":
        print("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", file=sys.stderr)
        return 1
    print("Welcome to the cluster!\n" + ("" if lie == "nameless" else f"{job};cluster"))
    return 0


def carry_out(job: str, size: int) -> None:
    """Do the tasks of an array, one after the other, as the lies say."""
    facts = json.loads((HERE / f"job-{job}.json").read_text())
    for index in range(size):
        while (HERE / "hold").exists():
            time.sleep(0.05)
        starts = lies().get("tasks", [])
        number = len(list(HERE.glob("start-*")))
        lie = starts[min(number, len(starts) - 1)] if starts else {}
        (HERE / f"start-{number}").touch()
        state(job, index, "RUNNING")
        together = []
        for restart in range(lie.get("run", 1)):
            environment = {
                **os.environ,
                "SLURM_ARRAY_JOB_ID": job,
                "SLURM_ARRAY_TASK_ID": str(index),
                "SLURM_RESTART_COUNT": "0" if lie.get("together") else str(restart),
            }
            with Path(facts["log"].replace("%a", str(index))).open("ab") as log:
                process = subprocess.Popen(["bash", *facts["argv"]], env=environment, stdout=log, stderr=log)
            together.append(process)
            if not lie.get("together"):
                process.wait()
        codes = [process.wait() for process in together]
        failed = any(codes)
        state(job, index, lie.get("state", "FAILED" if failed else "COMPLETED"), bool(lie.get("forget")))


def state(job: str, index: int, name: str, forgotten: bool = False) -> None:
    """Keep a task's state."""
    beside = HERE / f".state-{job}-{index}"
    beside.write_text(json.dumps([name, forgotten]))
    beside.rename(HERE / f"task-{job}-{index}.json")


def tasks(forgotten: bool) -> list[tuple[str, str, str, str]]:
    """Name, job, index and state of all tasks that were asked for by name, or of one job."""
    names = (option("name") or "").split(",")
    found = []
    for file in sorted(HERE.glob("job-*.json")):
        facts = json.loads(file.read_text())
        if facts["name"] not in names and facts["job"] != sys.argv[-1]:
            continue
        for task in sorted(HERE.glob(f"task-{facts['job']}-*.json")):
            name, gone = json.loads(task.read_text())
            if forgotten or not gone:
                found.append((facts["name"], facts["job"], task.stem.rpartition("-")[2], name))
    return found


def squeue() -> int:
    """List tasks that are queued, run, or ended lately."""
    lie = lies().get("squeue")
    note("squeue", "")
    if lie == "hang":
        time.sleep(600)
    if lie == "fail":
        print("slurm_load_jobs error: Unable to contact slurm controller", file=sys.stderr)
        return 1
    if lie == "garbage":
        print('{"jobs": [{"job_state": \x00\nbecause-|||COMPLETED|\nbecause-000000000000|1|0|COMPLETED|None\n<html>')
    elif lie != "empty":
        for name, job, index, word in tasks(forgotten=False):
            print(job if option("format") == "%F" else f"{name}|{job}|{index}|{word}|None")
    return 0


def sacct() -> int:
    """List what accounting kept, from the start of its window, which is midnight."""
    lie = lies().get("sacct", "disabled")
    if lie == "disabled":
        print("Slurm accounting storage is disabled", file=sys.stderr)
        return 1
    start = option("starttime")
    begins = time.mktime(time.strptime(start, "%Y-%m-%dT%H:%M:%S")) if start else time.time() - 3600
    if lie == "garbage":
        print("JobName|JobID|State\n\x00\x01")
    elif lie != "empty" and begins < time.time() - YESTERDAY:
        for name, job, index, word in tasks(forgotten=True):
            print(f"{name}|{job}_{index}|{word}|0:0")
    return 0


def scontrol() -> int:
    """Show the configuration, or a job."""
    if sys.argv[-1] == "config":
        print("MaxArraySize            = 1001")
        return 0
    found = tasks(forgotten=False)
    if not found:
        print("slurm_load_jobs error: Invalid job id specified", file=sys.stderr)
        return 1
    for _name, job, index, word in found:
        print(
            f"JobId={job} ArrayJobId={job} ArrayTaskId={index} JobName=x JobState={word} Reason=None Dependency=(null)"
        )
    return 0


def note(program: str, words: str) -> None:
    """Count calls."""
    with (HERE / "calls").open("a") as file:
        file.write(f"{program} {words}\n")


def main() -> int:
    """Act as the command whose name this was started under."""
    if sys.argv[1:2] == ["carry-out"]:
        with suppress(OSError):  # the test is over, and its folder gone
            carry_out(sys.argv[2], int(sys.argv[3]))
        return 0
    acts = {"sbatch": sbatch, "squeue": squeue, "sacct": sacct, "scontrol": scontrol}
    return acts.get(Path(sys.argv[0]).stem, lambda: 0)()


sys.exit(main())

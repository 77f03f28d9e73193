"""The command line: `python -m because_fleet --root FOLDER look|submit|start|work|do|cancel|confirm|logs|…`.

What it is told beyond its arguments comes as JSON on standard input; answers are JSON, one value a line.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .place import Place, check_run


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments ask for; returns the exit code."""
    options = _parser().parse_args(arguments)
    place = Place(options.root)
    place.prepare()
    return int(options.act(place, options) or 0)


def _look(place: Place, _options: argparse.Namespace) -> None:
    from .look import look_at

    for run in _input():
        _say(look_at(place, run))


def _submit(place: Place, options: argparse.Namespace) -> None:
    from .requests import accept_jobs, request_runs

    if options.sender:
        accept_jobs(place, options.sender)
    _say(request_runs(place, _input()))


def _confirm(place: Place, options: argparse.Namespace) -> None:
    from .requests import confirm_job

    confirm_job(place, _input(), options.job)


def _cancel(place: Place, options: argparse.Namespace) -> None:
    from .requests import withdraw_runs

    withdraw_runs(place, _input(), options.reason)


def _start(place: Place, _options: argparse.Namespace) -> None:
    from .work import start_workers, wait_for_workers

    slots = _input()
    _say({"started": start_workers(place, slots)})
    wait_for_workers(place, len(slots), 5)


def _work(place: Place, options: argparse.Namespace) -> int:
    from .work import work

    return work(place, options.slot)


def _lane(place: Place, options: argparse.Namespace) -> int:
    from .lane import lane

    return lane(place, options.job)


def _do(place: Place, options: argparse.Namespace) -> int:
    from .carry_out import Carrier
    from .look import look_at
    from .work import kind_of

    carrier = Carrier(place, {"job": options.job})
    carrier.install()
    carrier.do([check_run(run) for run in options.run], kind_of({}))
    carrier.close()
    if carrier.asked is not None:
        return 143
    ends = [look_at(place, run) for run in options.run]
    return 0 if all((end["manifest"] or {}).get("status") == "done" for end in ends) else 1


def _arrays(place: Place, options: argparse.Namespace) -> None:
    from .arrays import Arrays
    from .slurm import Slurm

    for answer in Arrays(place, Slurm(options.bin)).submit(_input()):
        _say(answer)


def _probe(place: Place, options: argparse.Namespace) -> None:
    from .arrays import Arrays
    from .slurm import Slurm

    for answer in Arrays(place, Slurm(options.bin)).probe(_input()):
        _say(answer)


def _said(place: Place, _options: argparse.Namespace) -> None:
    from .arrays import Arrays
    from .slurm import Slurm

    arrays = Arrays(place, Slurm())
    for task in _input():
        _say({"task": task, "said": arrays.said(task)})


def _task(place: Place, options: argparse.Namespace) -> int:
    from .array_task import Task, do_task
    from .slurm import Slurm

    task = Task(options.array, options.index, options.job, options.restarts, options.requeues, options.python)
    return do_task(place, Slurm(options.bin), task)


def _logs(place: Place, options: argparse.Namespace) -> None:
    from .logs import print_log

    print_log(place, check_run(options.run), options.bytes, options.follow)


def _facts(place: Place, options: argparse.Namespace) -> None:
    from .facts import has_model, machine_facts

    model = options.model.partition("@") if options.model else None
    _say({**machine_facts(place.root), "model": has_model(model[0], model[2]) if model else None})


def _environment(place: Place, options: argparse.Namespace) -> int:
    from .environment import build_environment, ensure_environment

    if options.build:
        return build_environment(options.folder, options.wheels, options.torch_index)
    return ensure_environment(place, options.folder, options.wheels, options.torch_index)


def _input() -> Any:
    return json.load(sys.stdin)


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="because_fleet", description="Looks after runs where they are trained.")
    parser.add_argument("--root", type=Path, required=True, help="the folder that this place keeps")
    commands = parser.add_subparsers(required=True)

    def command(name: str, act: Any, words: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(name, help=words)
        added.set_defaults(act=act)
        return added

    command("look", _look, "how the runs are that standard input lists, one line each")
    submit = command("submit", _submit, "note runs as asked for; standard input holds a list of records")
    submit.add_argument("--sender", default="", help="folder of `incoming` whose jobs are put in place first")
    confirm = command("confirm", _confirm, "note under which id a scheduler knows the runs that standard input lists")
    confirm.add_argument("--job", required=True)
    cancel = command("cancel", _cancel, "withdraw the runs that standard input lists")
    cancel.add_argument("--reason", default=None, help="why they count as failed")
    command("start", _start, "start workers; standard input lists the environment of each")
    work = command("work", _work, "do what was asked for until nothing is left")
    work.add_argument("--slot", type=int, required=True, help="which part of the machine")
    lane = command("lane", _lane, "do what was asked for until nothing is left, as the job of a scheduler")
    lane.add_argument("--job", default=None, help="the scheduler's id of this job")
    do = command("do", _do, "do one group of runs that were asked for, as the job of a scheduler")
    do.add_argument("--job", default=None, help="the scheduler's id of this job")
    do.add_argument("run", nargs="+")
    arrays = command("arrays", _arrays, "submit groups of runs as array jobs of Slurm; standard input says which")
    arrays.add_argument("--bin", default="", help="folder of Slurm's commands")
    probe = command("probe", _probe, "what Slurm knows of the arrays that standard input lists")
    probe.add_argument("--bin", default="")
    command("said", _said, "the last words of tasks that standard input lists")
    task = command("task", _task, "do what a task of an array is to do")
    task.add_argument("--bin", default="")
    task.add_argument("--python", default="", help="interpreter of the trainer, in place of the one of its record")
    task.add_argument("--requeues", type=int, default=0, help="how often it is queued again near its time limit")
    task.add_argument("array")
    task.add_argument("job", help="Slurm's id of the array")
    task.add_argument("index", type=int)
    task.add_argument("restarts", type=int)
    logs = command("logs", _logs, "the log of a run")
    logs.add_argument("run")
    logs.add_argument("--bytes", type=int, default=16384, help="of its end")
    logs.add_argument("--follow", action="store_true", help="until the run ends")
    facts = command("facts", _facts, "what this machine has")
    facts.add_argument("--model", default="", help="NAME@COMMIT: whether the hub's cache has it")
    environment = command("environment", _environment, "make the trainer's Python environment, once")
    environment.add_argument("folder", type=Path)
    environment.add_argument("--wheels", default=None, help="folder of wheels, from which alone it is made")
    environment.add_argument("--torch-index", default=None, help="package index for torch alone")
    environment.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())

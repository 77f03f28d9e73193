"""The command line: `python -m because_trainer run|worker|version|check|devices`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from .environment import choose_device, fix_threads

if TYPE_CHECKING:
    from .interruption import Interruption
    from .runs import Report


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments ask for; returns the exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "version":
        from .version import trainer_version

        print(trainer_version())
        return 0
    if options.command == "check":
        from .requirements import check_requirements

        report = check_requirements()
        print(json.dumps(report, indent=2))
        return 0 if report["holds"] else 1
    if options.command == "devices":
        from .devices import device_list

        print(json.dumps(device_list(), indent=2))
        return 0
    fix_threads()
    choose_device()
    if options.command == "worker":
        lines = (line.split() for line in iter(sys.stdin.readline, ""))
        _do_all(options.jobs, options.runs, lines, watch_parent=True)
        return 0
    groups = [options.run] if options.together else [[run] for run in options.run]
    return 1 if _do_all(options.jobs, options.runs, groups, watch_parent=False) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="because_trainer", description="The trainer of Because.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="do runs, one after another")
    worker = commands.add_parser("worker", help="do the runs whose ids come in on standard input, a line together")
    for command in (run, worker):
        command.add_argument("--jobs", type=Path, required=True, help="folder of job folders")
        command.add_argument("--runs", type=Path, required=True, help="folder of run folders")
    run.add_argument("run", nargs="+", help="run ids")
    run.add_argument("--together", action="store_true", help="side by side, those that share a frozen base")
    commands.add_parser("version", help="print the trainer's version")
    commands.add_parser("check", help="print which libraries are installed, and whether their pins hold")
    commands.add_parser("devices", help="print what this machine can train on")
    return parser


def _do_all(jobs: Path, runs: Path, groups: Iterable[list[str]], watch_parent: bool) -> int:
    """Do groups of runs one after another, printing one JSON line for each run that ends; returns how many failed.

    A signal ends the process with 128 + its number, after the runs in hand have saved their checkpoints.
    """
    from .errors import Interrupted
    from .interruption import Interruption
    from .launched import is_launched, leave_others
    from .version import trainer_version

    trainer_version()  # of the sources as they are now, whenever a manifest asks for it
    interruption = Interruption(watch_parent or is_launched())
    interruption.install()
    reports: list[Report] = []
    for group in filter(None, groups):
        interruption.busy = True
        try:
            _do_group(group, jobs, runs, interruption, lambda report: _print_report(report, reports))
        except Interrupted as cause:
            left = [run for run in group if run not in {report.run for report in reports}]
            for run in left or group[-1:]:
                print(f"{cause} at run {run}: it goes on from its checkpoint the next time.", file=sys.stderr)
            raise SystemExit(cause.exit_code) from None
        interruption.busy = False
    leave_others()
    return sum(report.status == "failed" for report in reports)


def _do_group(
    group: list[str], jobs: Path, runs: Path, interruption: Interruption, ended: Callable[[Report], None]
) -> None:
    """Do a group of runs: alone, side by side, or as one of the processes that each of them asks for.

    A process among several ends with the first run that fails: the others may be waiting for it in that run.
    """
    from .launched import is_first, is_launched
    from .launching import launch_run, processes_of
    from .runs import do_run, follow_run
    from .together import do_together

    if is_launched():
        for run in group:
            report = (do_run if is_first() else follow_run)(run, jobs, runs, interruption)
            if is_first():
                ended(report)
            interruption.check()
            if report.status == "failed":
                raise SystemExit(1)
        return
    several = [run for run in group if processes_of(jobs / run) > 1]
    do_together([run for run in group if run not in several], jobs, runs, interruption, ended)
    for run in several:
        ended(launch_run(run, jobs, runs, interruption))
        interruption.check()


def _print_report(report: Report, reports: list[Report]) -> None:
    reports.append(report)
    print(json.dumps(asdict(report)), flush=True)


if __name__ == "__main__":
    sys.exit(main())

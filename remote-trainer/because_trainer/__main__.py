"""The command line: `python -m because_trainer run|worker|version|check`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from .environment import fix_threads


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
    fix_threads()
    if options.command == "worker":
        _do_all(options.jobs, options.runs, iter(sys.stdin.readline, ""), watch_parent=True)
        return 0
    return 1 if _do_all(options.jobs, options.runs, options.run, watch_parent=False) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="because_trainer", description="The trainer of Because.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="do runs, one after another")
    worker = commands.add_parser("worker", help="do the runs whose ids come in on standard input, one a line")
    for command in (run, worker):
        command.add_argument("--jobs", type=Path, required=True, help="folder of job folders")
        command.add_argument("--runs", type=Path, required=True, help="folder of run folders")
    run.add_argument("run", nargs="+", help="run ids")
    commands.add_parser("version", help="print the trainer's version")
    commands.add_parser("check", help="print which libraries are installed, and whether their pins hold")
    return parser


def _do_all(jobs: Path, runs: Path, ids: Iterable[str], watch_parent: bool) -> int:
    """Do runs one after another, printing one JSON line for each that ends; returns how many failed.

    A signal ends the process with 128 + its number, after the run in hand has saved its checkpoint.
    """
    from .errors import Interrupted
    from .interruption import Interruption
    from .runs import do_run

    interruption = Interruption(watch_parent)
    interruption.install()
    failed = 0
    for run in filter(None, map(str.strip, ids)):
        interruption.busy = True
        try:
            report = do_run(run, jobs, runs, interruption)
            failed += report.status == "failed"
            print(json.dumps(asdict(report)), flush=True)
            interruption.check()
        except Interrupted as cause:
            print(f"{cause} at run {run}: it goes on from its checkpoint the next time.", file=sys.stderr)
            raise SystemExit(cause.exit_code) from None
        interruption.busy = False
    return failed


if __name__ == "__main__":
    sys.exit(main())

"""The commands of Slurm, and what their answers mean. No answer is told apart from an answer that says no."""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60.0
"""That a command may take: a busy controller answers late."""

SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|_KEY$", re.IGNORECASE)
"""Names of variables that do not go into a job's environment, which Slurm keeps on its controller's disk."""

UNHEARD = re.compile(r"timed out|unable to contact|connection (?:refused|reset|failure)|communication", re.IGNORECASE)
"""The controller may have taken the job, or not."""

BUSY = re.compile(r"temporarily|limit|policy|too many|try again", re.IGNORECASE)
"""It may take the job later, or fewer at once."""


@dataclass(frozen=True)
class Answer:
    """What a command said; `code` is None where it did not end, or is not there."""

    code: int | None
    text: str
    words: str


class Slurm:
    """Asks Slurm.

    Parameters
    ----------
    folder
        Where its commands lie; empty: on the PATH.
    """

    def __init__(self, folder: str = "") -> None:
        self._folder = folder

    def ask(self, program: str, *args: str, seconds: float = SECONDS) -> Answer:
        """Run one of its commands."""
        environment = {name: value for name, value in os.environ.items() if not SECRET.search(name)}
        try:
            done = subprocess.run(
                [str(Path(self._folder) / program), *args],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                start_new_session=True,  # a link that breaks does not end it halfway
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answer(None, "", f"{program} timed out after {seconds:.0f} s")
        except OSError as error:
            return Answer(127, "", f"{program}: {error.strerror}")
        return Answer(done.returncode, done.stdout, _last_line(done.stderr))

    def submit(self, options: list[str], script: str, *args: str) -> Answer:
        """Queue a script; `text` is the job's id where Slurm named one."""
        answer = self.ask("sbatch", "--parsable", *options, script, *args)
        found = re.search(r"^(\d+)(?:;\S*)?$", answer.text, re.MULTILINE)
        return Answer(answer.code, found[1] if found else "", answer.words)

    def find(self, name: str, since: float) -> tuple[bool, str | None]:
        """Look for a job by its name: whether Slurm could answer, and the job's id."""
        asked = self.ask("squeue", "--noheader", "--states=all", f"--name={name}", "--format=%F")
        found = re.search(r"^(\d+)\s*$", asked.text, re.MULTILINE)
        if found:
            return True, found[1]
        kept = self.ask("sacct", "-n", "-X", "-P", f"--name={name}", f"--starttime={_day_before(since)}", "-o", "JobID")
        found = re.search(r"^(\d+)_", kept.text, re.MULTILINE)
        return asked.code == 0, found[1] if found else None

    def tasks(self, job: str) -> dict[str, list[str]] | None:
        """State and reason of an array's tasks, by index; none where Slurm forgot the job, None where it is silent."""
        answer = self.ask("scontrol", "-o", "show", "job", job)
        if re.search(r"invalid job id", answer.words + answer.text, re.IGNORECASE):
            return {}
        found = {}
        for line in answer.text.splitlines():
            facts = dict(re.findall(r"(\w+)=(\S*)", line))
            if facts.get("ArrayJobId") == job and "JobState" in facts:
                for index in spread(facts.get("ArrayTaskId", "")):
                    found[index] = [facts["JobState"], facts.get("Reason", "")]
        return found or None

    def largest_array(self) -> int | None:
        """How many tasks an array may have at this site; None where it does not say."""
        found = re.search(r"^MaxArraySize\s*=\s*(\d+)", self.ask("scontrol", "show", "config").text, re.MULTILINE)
        return int(found[1]) if found else None


def spread(indices: str) -> list[str]:
    """`0-2,5%3` → 0, 1, 2, 5."""
    found: list[str] = []
    for part in indices.partition("%")[0].split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last or first).isdigit():
            found += [str(index) for index in range(int(first), int(last or first) + 1)]
    return found


def _day_before(since: float) -> str:
    """Local time, as Slurm takes it; a day earlier, since clocks differ and its own window begins at midnight."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(since - 86_400))


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""

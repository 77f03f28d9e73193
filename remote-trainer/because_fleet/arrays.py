"""Array jobs: which runs each of their tasks does, kept in a folder an array from before it is submitted.

The folder's name is part of the job's name, so that a job whose submission nobody heard the end of is found again
before anything is submitted a second time. An array that was never queued is made void; should it start all the same,
its tasks find nothing to do.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .attempts import note_attempt
from .claims import Claim, condition
from .look import tail
from .place import Place, check_run, create_json, read_json, write_json
from .requests import is_done
from .slurm import BUSY, UNHEARD, Slurm

UNHEARD_SECONDS = 90.0
"""After which a job that Slurm does not know was not queued: longer than its command may take."""

LOCK_SECONDS = 100.0
KEPT_SECONDS = 7 * 86_400.0


class Arrays:
    """The arrays of a place.

    Parameters
    ----------
    place
        Whose runs.
    slurm
        Whom to ask.
    """

    def __init__(self, place: Place, slurm: Slurm) -> None:
        self._place = place
        self._slurm = slurm
        self.folder = place.root / "arrays"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._claim: Claim | None = None

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the one that submits: one at a time, whoever asks."""
        claim = Claim(self.folder / "submitting.json")
        deadline = time.monotonic() + LOCK_SECONDS
        while not (taken := claim.take()) and time.monotonic() < deadline:
            time.sleep(0.2)
        self._claim = claim
        try:
            yield taken
        finally:
            if taken:
                claim.release()

    def submit(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Submit groups of runs that are asked for and that no array is to do.

        Parameters
        ----------
        request
            `groups` of runs; `lost`, run → `job` (the task that was to do it and does so no more) and `cause`;
            `options` of sbatch, the `script`, `max_array`, `max_running`.

        Returns
        -------
        One value for each array, with its `job` and `runs`; `refused` or `waits`, with Slurm's words, where it took
        none.
        """
        with self.alone() as alone:
            if not alone:
                return [{"waits": "another process is submitting"}]
            self.reconcile()
            self._forget()
            groups = [mine for group in request["groups"] if (mine := self._free(group, request.get("lost") or {}))]
            said: list[dict[str, Any]] = []
            for level in self._levels(groups):
                while level:
                    size = min(len(level), self._largest(request))
                    answer = self._submit_some(level, size, request)
                    said.append(answer)
                    if "runs" not in answer:
                        return said
                    level = level[len(answer["runs"]) :]
            return said

    def _submit_some(self, groups: list[list[str]], size: int, request: dict[str, Any]) -> dict[str, Any]:
        """Submit as many groups, from the first, as Slurm takes at once."""
        while True:
            answer = self._submit_array(groups[:size], request)
            if "busy" not in answer:
                return answer
            if size == 1:
                others = any(self._job_of(path.stem) for path in self._place.submitted.glob("*.json"))
                return {"waits" if others else "refused": answer["busy"]}
            size //= 2
            request["largest"] = size

    def _submit_array(self, groups: list[list[str]], request: dict[str, Any]) -> dict[str, Any]:
        if self._claim is not None:
            self._claim.beat()
        token = uuid.uuid4().hex[:12]
        folder = self._make(token, groups, request["script"])
        needs = self._dependencies(groups)
        for index, group in enumerate(groups):
            self._assign(group, f"{token}_{index}")
        throttle = f"%{request['max_running']}" if request.get("max_running") else ""
        answer = self._slurm.submit(
            [
                *request["options"],
                f"--job-name={job_name(token)}",
                f"--array=0-{len(groups) - 1}{throttle}",
                f"--chdir={self._place.root}",
                f"--output={folder}/%a.log",
                "--open-mode=append",
                *([f"--dependency=afterany:{':'.join(needs)}"] if needs else []),
            ],
            str(folder / "task.sh"),
            token,
        )
        job: str | None = answer.text
        if answer.code != 0 or not job:
            job = self._slurm.find(job_name(token), time.time())[1]
        if job:
            self.note_job(token, job)
            return {"array": token, "job": job, "runs": groups}
        if answer.code is None or answer.code == 0 or UNHEARD.search(answer.words):
            return {"waits": answer.words or "sbatch named no job"}
        self._void(token)
        for group in groups:
            self._assign(group, None)
        return {"busy" if BUSY.search(answer.words) else "refused": answer.words}

    def reconcile(self) -> None:
        """Find jobs whose submission nobody heard the end of; an array that was not queued becomes void."""
        for folder in self._folders():
            if (folder / "job.json").exists():
                continue
            made = (read_json(folder / "groups.json") or {}).get("at", 0.0)
            answered, job = self._slurm.find(job_name(folder.name), made)
            if job:
                self.note_job(folder.name, job)
            elif answered and time.time() - made > UNHEARD_SECONDS:
                self._void(folder.name)

    def probe(self, tokens: list[str]) -> list[dict[str, Any]]:
        """What is known of arrays that Slurm was silent about: `gone`, or what its controller says of their tasks."""
        with self.alone() as alone:
            if alone:
                self.reconcile()
        answers = []
        for token in tokens:
            job = self.job(token)
            tasks = self._slurm.tasks(job) if job else None
            gone = not (self.folder / check_token(token)).is_dir() or tasks == {}
            answers.append({"array": token, "job": job, "gone": gone, "tasks": tasks or {}})
        return answers

    def said(self, task: str) -> str:
        """The end of what a task said, and Slurm of it; what its runs said is in their own logs."""
        token, _, index = task.partition("_")
        return tail(self.folder / check_token(token) / f"{int(index)}.log", 1000).decode(errors="replace")

    def group(self, token: str, index: int) -> list[str] | None:
        """The runs of a task; None where the array is void."""
        made = read_json(self.folder / check_token(token) / "groups.json")
        return [check_run(run) for run in made["groups"][index]] if made else None

    def job(self, token: str) -> str | None:
        """Slurm's id of an array, where it is known."""
        found = read_json(self.folder / check_token(token) / "job.json")
        return str(found["job"]) if found else None

    def note_job(self, token: str, job: str) -> None:
        """Keep Slurm's id of an array; the first who knows it does so."""
        if (self.folder / check_token(token)).is_dir():
            create_json(self.folder / token / "job.json", {"job": job})

    def _make(self, token: str, groups: list[list[str]], script: str) -> Path:
        beside = self.folder / f".{token}"
        beside.mkdir()
        (beside / "task.sh").write_text(script, encoding="utf-8")
        write_json(beside / "groups.json", {"groups": groups, "at": time.time()})
        return beside.rename(self.folder / token)

    def _void(self, token: str) -> None:
        aside = self.folder / f".void-{token}"
        with suppress(OSError):
            (self.folder / token).rename(aside)
        shutil.rmtree(aside, ignore_errors=True)

    def _free(self, group: list[str], lost: dict[str, dict[str, str]]) -> list[str]:
        """Runs of a group that are asked for and that no task is to do."""
        return [run for run in map(check_run, group) if self._is_free(run, lost.get(run) or {})]

    def _is_free(self, run: str, lost: dict[str, str]) -> bool:
        record = read_json(self._place.record(run))
        if not isinstance(record, dict) or is_done(self._place, run) or condition(self._place.claim(run)) == "held":
            return False
        task = record.get("job")
        if task is None or not (self.folder / check_token(task.partition("_")[0])).is_dir():
            return True
        if task != lost.get("job"):
            return False
        if lost.get("cause") == "out-of-memory":
            note_attempt(self._place, run, "ended", memory=True, job=task)
        return True

    def _assign(self, group: list[str], task: str | None) -> None:
        """Note which task is to do runs. No task of theirs is there yet, or any more."""
        for run in group:
            record = read_json(self._place.record(run))
            if isinstance(record, dict):
                write_json(self._place.record(run), {**record, "job": task})

    def _levels(self, groups: list[list[str]]) -> list[list[list[str]]]:
        """Groups by what they start from: those of a level wait for the levels before it."""
        levels: list[list[list[str]]] = []
        rest = groups
        while rest:
            open_runs = {run for group in rest for run in group}
            level = [group for group in rest if not any(need in open_runs for need in self._needs(group))] or rest
            levels.append(level)
            rest = [group for group in rest if group not in level]
        return levels

    def _needs(self, group: list[str]) -> set[str]:
        """Runs that a group starts from and that are not done."""
        records = [read_json(self._place.record(run)) or {} for run in group]
        needed = {check_run(need) for record in records for need in record.get("needs", [])}
        return {need for need in needed - set(group) if not is_done(self._place, need)}

    def _dependencies(self, groups: list[list[str]]) -> list[str]:
        """Tasks, as Slurm calls them, that do what these groups start from."""
        needed = {need for group in groups for need in self._needs(group)}
        return sorted({job for need in needed if (job := self._job_of(need))})

    def _job_of(self, run: str) -> str | None:
        task = (read_json(self._place.record(run)) or {}).get("job") or ""
        token, _, index = task.partition("_")
        job = self.job(token) if token else None
        return f"{job}_{index}" if job else None

    def _largest(self, request: dict[str, Any]) -> int:
        if "largest" not in request:
            sizes = [size for size in (request.get("max_array"), self._slurm.largest_array()) if size]
            request["largest"] = max(1, min(sizes, default=1000))
        return int(request["largest"])

    def _folders(self) -> list[Path]:
        return [path for path in sorted(self.folder.iterdir()) if path.is_dir() and not path.name.startswith(".")]

    def _forget(self) -> None:
        """Remove old arrays that no run waits for."""
        records = [read_json(path) or {} for path in self._place.submitted.glob("*.json")]
        used = {str(record.get("job") or "").partition("_")[0] for record in records}
        for folder in self._folders():
            if folder.name not in used and time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                self._void(folder.name)


def job_name(token: str) -> str:
    """What Slurm calls an array."""
    return f"because-{token}"


def check_token(token: str) -> str:
    """An array's token, which is safe as a folder's name.

    Raises
    ------
    ValueError
        When it is none.
    """
    if len(token) != 12 or not all(digit in "0123456789abcdef" for digit in token):
        raise ValueError(f"an array's token is 12 hex digits; found {token!r}")
    return token

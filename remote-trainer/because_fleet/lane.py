"""The job of a scheduler that does whatever was asked for, one group after another, until nothing is left."""

from __future__ import annotations

import time

from .carry_out import Carrier
from .claims import condition
from .place import Place, check_run, read_json
from .work import next_group

PAUSE = 1.0


def lane(place: Place, job: str | None) -> int:
    """Do what waits, in order; returns the exit code.

    Any number of them, on any machines, may do so side by side: each claims what it does. One that finds nothing to do
    waits as long as what others start from, such as a warm-up, is being done elsewhere.

    Parameters
    ----------
    place
        Whose runs.
    job
        The scheduler's id of this job.
    """
    carrier = Carrier(place, {"job": job})
    carrier.install()
    while carrier.asked is None:
        group = next_group(place)
        if group is not None:
            carrier.do(group[0], group[1])
        elif _more_comes(place):
            time.sleep(PAUSE)
        else:
            break
    carrier.close()
    return 0 if carrier.asked is None else 143


def _more_comes(place: Place) -> bool:
    """Whether something waits for a run that is being done."""
    records = [read_json(path) for path in place.submitted.glob("*.json")]
    needs = {run for record in records if isinstance(record, dict) for run in record.get("needs", [])}
    return any(condition(place.claim(check_run(run))) == "held" for run in needs)

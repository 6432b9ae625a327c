"""How many processes a run may use."""

from __future__ import annotations

import pytest

from typology.errors import InputFaults
from typology.pipeline.workers import choose_workers, processors


@pytest.mark.parametrize("jobs", [0, -1])
def test_what_is_no_number_of_processes_is_refused(jobs: int) -> None:
    with pytest.raises(InputFaults, match=r"jobs: is not a number of processes .* Use 1 or more"):
        choose_workers(jobs=jobs, backend="local", scheduler=None)


@pytest.mark.parametrize(("jobs", "used"), [(None, processors()), (1, 1), (10**30, processors())])
def test_no_more_processes_are_started_than_there_are_processors(jobs: int | None, used: int) -> None:
    assert choose_workers(jobs=jobs, backend="local", scheduler=None).jobs == used

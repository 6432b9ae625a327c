"""A short run of tests/fuzzing.py with the same examples every time, and what longer runs have found."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.fuzzing import cases, survive


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(broken=cases)
def test_broken_files_give_faults_and_nothing_else(tmp_path: Path, broken: dict[str, bytes]) -> None:
    assert survive(tmp_path, broken) in {"valid", "refused"}

"""Dask over TLS: certificates that do not fit are told at once, and so is an address without encryption."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from benchmarks.interrupted import write_study
from tests.dask_cluster import OPENSSL, Dask, certificates, environment, on, run_command, scheduler
from typology.pipeline.workers import Workers

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="needs the command openssl to make certificates")
CLIENT = "DASK_DISTRIBUTED__COMM__TLS__CLIENT"
CA = "DASK_DISTRIBUTED__COMM__TLS__CA_FILE"


def run(study: Path, address: str, settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = run_command(study, study.parent / "runs" / "there", *on(address))
    return subprocess.run(
        command, env=environment(settings), capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def ours(keys: Path) -> dict[str, str]:
    return certificates(keys, "ours")


@pytest.fixture(scope="module")
def theirs(keys: Path) -> dict[str, str]:
    return certificates(keys, "theirs")


@pytest.fixture(scope="module")
def dask(keys: Path, ours: dict[str, str]) -> Iterator[Dask]:
    with scheduler(keys, settings=ours) as started:
        yield started


def refused(address: str, settings: Mapping[str, str], folder: Path) -> str:
    """Run, and return the one line that is said; nothing must be left behind."""
    study = write_study(folder)
    before = sorted(folder.rglob("*"))
    began = time.monotonic()
    done = run(study, address, settings)
    assert time.monotonic() - began < 30
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert sorted(folder.rglob("*")) == before
    (line,) = done.stderr.splitlines()
    assert f"found: {address}" in line or "found: /" in line
    return line


def test_no_settings_of_tls(dask: Dask, tmp_path: Path) -> None:
    told = refused(dask.address, {}, tmp_path)
    assert "scheduler: needs certificates, and Dask's settings of TLS hold none" in told
    assert CA in told


def test_a_certificate_file_that_is_not_there(dask: Dask, ours: dict[str, str], tmp_path: Path) -> None:
    told = refused(dask.address, {**ours, f"{CLIENT}__CERT": "/not/there.pem"}, tmp_path)
    assert "distributed.comm.tls.client.cert is a file that is not there (found: /not/there.pem)" in told


def test_a_key_of_another_certificate(
    dask: Dask, ours: dict[str, str], theirs: dict[str, str], tmp_path: Path
) -> None:
    told = refused(dask.address, {**ours, f"{CLIENT}__KEY": theirs[f"{CLIENT}__KEY"]}, tmp_path)
    assert "hold no valid certificates and key (KEY_VALUES_MISMATCH)" in told


def test_a_scheduler_that_this_side_does_not_trust(
    dask: Dask, theirs: dict[str, str], tmp_path: Path
) -> None:
    told = refused(dask.address, theirs, tmp_path)
    assert "no connection by TLS (CERTIFICATE_VERIFY_FAILED)" in told
    assert "must be signed by" in told


def test_a_scheduler_that_does_not_trust_this_side(
    dask: Dask, ours: dict[str, str], theirs: dict[str, str], tmp_path: Path
) -> None:
    told = refused(dask.address, {**theirs, CA: ours[CA]}, tmp_path)
    assert "no connection by TLS " in told
    assert "must be signed by" in told


def test_an_address_without_tls_of_a_scheduler_with_it(dask: Dask, tmp_path: Path) -> None:
    told = refused(dask.address.replace("tls://", "tcp://"), {}, tmp_path)
    assert "ends the connection at once" in told
    assert "Does it use TLS?" in told


def test_what_is_no_address(tmp_path: Path) -> None:
    told = refused("tls://127.0.0.1", {}, tmp_path)
    assert "missing port number" in told


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("tcp://10.0.0.5:8786", True),
        ("10.0.0.5:8786", True),
        ("cluster.example.org:8786", True),
        ("ws://10.0.0.5:8786", True),
        ("tls://10.0.0.5:8786", False),
        ("tcp://127.0.0.1:8786", False),
        ("tcp://[::1]:8786", False),
        ("localhost:8786", False),
        (None, False),
    ],
)
def test_answers_that_travel_unencrypted_are_warned_of(address: str | None, *, warned: bool) -> None:
    warning = Workers(jobs=1, scheduler=address).warning
    assert bool(warning) is warned
    assert not warned or f"unencrypted to {address}" in warning

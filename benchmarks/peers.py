"""Everybody else on the same full model, each checked before it counts: greedy, flow, CP-SAT, CBC and HiGHS."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.peers_flow import flow_and_repair
from benchmarks.peers_greedy import greedy_by_fit, greedy_places_first, greedy_scarce_first
from service.matching.engine.model import LinearModel

OVERRUN: Final = 1.3
STARTING_S: Final = 60.0
"""A solver may take this much longer than its limit, to build its model and to end, before its process is killed."""
GREEDY: Final[dict[str, Callable[[LinearModel], NDArray[np.float64]]]] = {
    "greedy by fit": greedy_by_fit,
    "greedy scarce-first": greedy_scarce_first,
    "greedy, one place each first": greedy_places_first,
    "flow + repair": flow_and_repair,
}


@dataclass(frozen=True)
class Answer:
    """What a peer found: values of the model's variables (None = no plan), its own bound, seconds, memory in MB."""

    values: NDArray[np.float64] | None
    bound: float
    seconds: float
    status: str
    peak_mb: float = 0.0


def ask_greedy(name: str, model: LinearModel) -> Answer:
    """One of the peers that need no solver."""
    start = time.perf_counter()
    values = GREEDY[name](model)
    return Answer(values, np.inf, time.perf_counter() - start, "done")


def ask_solver(name: str, model: LinearModel, seconds: float, gap: float | None = None) -> Answer:
    """A solver on the full model."""
    with tempfile.TemporaryDirectory() as folder:
        matrix = Path(folder, "matrix.npz")
        write_matrix(matrix, model.rows, model.most, model.aims[0], (model.lower, model.upper), model.whole)
        return run_solver(name, matrix, seconds, gap)


def run_solver(name: str, matrix: Path, seconds: float, gap: float | None = None) -> Answer:
    """A solver in a process of its own, killed at the fence if it does not end by itself."""
    answer = matrix.with_name("answer.npz")
    limits = ["--seconds", str(seconds), *([] if gap is None else ["--gap", str(gap)])]
    command = [sys.executable, "-m", "benchmarks.peers_solvers", name, str(matrix), str(answer), *limits]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=seconds * OVERRUN + STARTING_S)
    except subprocess.TimeoutExpired as fence:
        return Answer(None, np.inf, fence.timeout, "killed at the fence")
    except subprocess.CalledProcessError as died:
        return Answer(None, np.inf, 0.0, f"died: {died.stderr.decode(errors='replace')[-300:]}")
    return read_answer(answer)


def write_matrix(file: Path, rows: Any, most: NDArray[Any], worth: NDArray[Any],
                 between: tuple[NDArray[Any], NDArray[Any]], whole: NDArray[Any]) -> None:  # fmt: skip
    """The model as plain arrays, for a process that knows nothing of ours."""
    listed = sparse.csr_array(rows)
    np.savez(
        file, starts=listed.indptr.astype(np.int32), index=listed.indices.astype(np.int32), coef=listed.data, most=most,
        worth=worth, lower=between[0], upper=between[1], whole=whole,
    )  # fmt: skip


def read_answer(file: Path) -> Answer:
    """What the process has written; values are rounded, for solvers answer 0.9999999 for 1."""
    with np.load(file) as stored:
        values = np.round(stored["values"]) if len(stored["values"]) else None
        return Answer(
            values, float(stored["bound"]), float(stored["seconds"]), str(stored["status"]), int(stored["peak_kb"]) / 1024
        )

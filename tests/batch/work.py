"""`python -m tests.batch.work KIND BASE_URL`: one batch on an executor of that kind, as a script.

Clusters start processes and threads of their own and warn in their own ways: not in a test's
process. Prints what came of it as JSON.
"""

import contextlib
import json
import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from importlib import import_module

import comet_magic as comet
from comet_magic.kernel.session import current

KINDS = ("threads", "processes", "dask", "ipyparallel")


@contextlib.contextmanager
def executor(kind: str) -> Iterator[Executor]:
    """An executor of that kind, with two workers; a whole cluster on this machine where it is."""
    if kind == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    elif kind == "processes":
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            yield pool
    elif kind == "dask":
        distributed = import_module("distributed")
        with (
            distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client.get_executor()
    else:
        parallel = import_module("ipyparallel")
        with parallel.Cluster(n=2, log_level=40) as client:
            yield client.executor()


def main(kind: str, base_url: str) -> None:
    """Two equal rows, one that fails, one that is wrong, one with a picture."""
    picture = {"prompt": "A boat", "model": "gpt-4o-image"}
    rows = ["same", "same", {"prompt": "x", "model": "demo-error-400"}, 7, picture]
    with executor(kind) as workers:
        results = list(
            comet.map(
                rows, model="gpt-4o-mini", executor=workers, base_url=base_url, progress=False,
                resume="run.jsonl",
            )
        )  # fmt: skip
    found = {"records": comet.records(results), "used": len(current().ledger)}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])

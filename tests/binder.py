"""Builds what Binder would build of this repository, without Docker, and uses it.

    python -m tests.binder

repo2docker says which Python, which packages of its own and which commands that takes. They are
installed and run in a virtual environment. The notebooks have to pass in it, and the links of the
README have to open within ten seconds. Needs the extra `binder` and PyPI.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import chdir, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from repo2docker import buildpacks

ROOT = Path(__file__).parent.parent
_LINKS = re.compile(r"mybinder\.org/v2/\S+?urlpath=([^)\s]+)")
MOST_SECONDS = 10.0
# What repo2docker's own environment.yml asks for; all else in its lock file comes with these.
_BASE = (
    "ipywidgets", "jupyter-offlinenotebook", "jupyter-resource-usage", "jupyter-server",
    "jupyterhub", "jupyterlab", "notebook",
)  # fmt: skip
# A Python package in the lock file, whose build string begins with its Python, under PyPI's name.
_LOCKED = re.compile(
    r"/([\w.-]+?)(?:(?<=nbconvert)-core|(?<=jupyterhub)-base)?-([\w.]+)-py[\dh]\w*\.conda#"
)
_MADE = (".git", ".venv*", ".*_cache", "__pycache__", "comet_images", "*.egg-info", ".hypothesis")
_OURS = ("COMET", "IPYTHON", "JUPYTER")
_PORT = 8800 + os.getpid() % 1000


def main() -> int:
    """0 if the notebooks pass and the links open in time."""
    with TemporaryDirectory() as folder:
        home, prefix = Path(folder, "home"), Path(folder, "environment")
        shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(*_MADE))
        kept = {name: os.environ[name] for name in os.environ if not name.startswith(_OURS)}
        own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        variables = {
            **kept,
            **dict.fromkeys(own, folder),
            "KERNEL_PYTHON_PREFIX": str(prefix),
            "PATH": f"{prefix / 'bin'}{os.pathsep}{kept['PATH']}",
        }
        with chdir(home):
            build(prefix, variables)
            links = dict.fromkeys(_LINKS.findall(Path("README.md").read_text(encoding="utf-8")))
            late = [link for link in links if not opens_in_time(link, variables)]
            print("FAILED:" if late else f"all links open within {MOST_SECONDS:g} s", *late)
            return test(variables) or len(late)


def build(prefix: Path, variables: dict[str, str]) -> None:
    """Does what repo2docker would do with the repository in this folder."""
    pack = buildpacks.PythonBuildPack("")
    pack.platform = "linux/amd64"
    assert pack.detect()
    scripts = [script for _, script in pack.get_assemble_scripts()]
    scripts += [f"./{path}" for path in pack.get_post_build_scripts()]
    assert re.findall(r"binder/([\w.]+)", " ".join(scripts)) == ["requirements.txt", "postBuild"]
    version = pack.python_version
    subprocess.run([interpreter(version), "-m", "venv", str(prefix)], check=True)
    # Files of repo2docker's own, by the place in the image that they are copied to.
    files = {target: source for source, target in pack.get_build_script_files().items()}
    lock = Path(buildpacks.__file__).parent / files["/tmp/env/environment.lock"]
    pinned = _LOCKED.findall(lock.read_text(encoding="utf-8"))
    pins = prefix / "pins.txt"
    pins.write_text("\n".join(f"{name}=={exact}" for name, exact in pinned))
    for script in (f"pip install -q -c {pins} {' '.join(_BASE)}", *scripts):
        print(f"Python {version}: {script}", flush=True)
        subprocess.run(script, shell=True, env=variables, check=True)


def interpreter(version: str) -> str:
    """A Python of this version, or the one that runs this."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for python in (f"python{version}", *map(str, pyenv.glob(f"{version}.*/bin/python"))):
        # A shim of pyenv can be there without its Python, and a Python without its ensurepip.
        with suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([python, "-c", "import ensurepip"], check=True, capture_output=True)
            return python
    print(f"There is no Python {version} here; this is done with {sys.version.split()[0]}.")
    return sys.executable


def opens_in_time(link: str, variables: dict[str, str]) -> bool:
    """Whether one of three starts is quick enough: a machine that is busy is no slow start."""
    command = f"jupyter lab --no-browser --allow-root --ip=127.0.0.1 --port={_PORT}"
    for _ in range(3):
        began = time.monotonic()
        with Path("../log").open("wb") as log:
            server = subprocess.Popen(
                [*command.split(), "--IdentityProvider.token="],
                env=variables,
                stdout=log,
                stderr=log,
            )
        try:
            page = get(link, server)
            seconds = time.monotonic() - began
            print(f"{link}: {seconds:.1f} s from the start of the server to the page", flush=True)
            if link.startswith("lab/tree/"):  # whose page comes for a file that is not there, too
                get(link.replace("lab/tree", "api/contents", 1), server)
            else:
                assert "comet" in page.lower(), page[-2000:]
        finally:
            server.terminate()
            server.wait(20)
        if seconds <= MOST_SECONDS:
            return True
    return False


def get(link: str, server: "subprocess.Popen[bytes]") -> str:
    """The page of a server that may still be starting."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + 90
    while server.poll() is None and time.monotonic() < end:
        try:
            with opener.open(f"http://127.0.0.1:{_PORT}/{link}", timeout=60) as answer:
                return str(answer.read(), "utf-8")
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{link} does not open:\n{Path('../log').read_text()[-2000:]}")


def test(variables: dict[str, str]) -> int:
    """Runs the notebooks; pytest's exit code."""
    install = "pip install -q nbval pytest pytest-timeout"
    subprocess.run(install.split(), env=variables, check=True)
    command = (
        "pytest -q -o addopts= -o filterwarnings= --nbval --nbval-current-env "
        "--nbval-sanitize-with=tests/nbval.cfg notebooks"
    )
    variables = {**variables, "COMET_DEMO_PACE": "0", "COMET_DISPLAY": "final"}
    return subprocess.run(command.split(), env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

"""A panel without a front end: its widgets are pressed and read, and its messages are counted."""

import json
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

import ipywidgets
import pytest

import comet_magic as comet
from comet_magic.demo import DemoServer
from comet_magic.kernel.session import Session
from comet_magic.notebook.panel import Panel
from tests.conftest import forget_all
from tests.notebook.conftest import Shell

_OLD_COMM = "ipykernel.comm.Comm"
MakePanel = Callable[..., "Face"]


class Wire:
    """What the front end is sent.

    Attributes:
        messages: The bytes of each message.
        states: Of the widgets that are open, by the ids of their comms.
        sent: The messages themselves.
        focused: The ids of the comms whose widgets got the keyboard, in order.
    """

    def __init__(self) -> None:
        self.messages: list[int] = []
        self.states: dict[str, dict[str, Any]] = {}
        self.sent: list[str] = []
        self.focused: list[str] = []

    @property
    def size(self) -> int:
        """Bytes that the page holds."""
        return len(self.text.encode())

    @property
    def text(self) -> str:
        """All that the page holds."""
        return json.dumps(list(self.states.values()), default=str)

    def open(self, **arguments: Any) -> "_Comm":
        """A comm, as `comm.create_comm` gives it."""
        return _Comm(self, **arguments)


class _Comm:
    kernel = True

    def __init__(self, wire: Wire, data: Any = None, comm_id: str = "", **_: Any) -> None:
        self._wire = wire
        self.comm_id = comm_id or uuid4().hex
        wire.states[self.comm_id] = {}
        self.send(data)

    def send(self, data: Any = None, buffers: Any = None, **_: Any) -> None:
        said = json.dumps(data, default=str)
        self._wire.messages.append(len(said))
        self._wire.sent.append(said)
        if (data or {}).get("content") == {"do": "focus"}:
            self._wire.focused.append(self.comm_id)
        self._wire.states.get(self.comm_id, {}).update((data or {}).get("state", {}))

    def close(self, *_: Any, **__: Any) -> None:
        self._wire.messages.append(2)
        self._wire.states.pop(self.comm_id, None)

    def on_msg(self, callback: Any) -> None:
        pass

    on_close = on_msg


class Face:
    """A panel as its user sees it.

    Attributes:
        panel: The widget.
        wire: What the page was sent, of all panels.
    """

    def __init__(self, panel: Panel, wire: Wire) -> None:
        self.panel = panel
        self.wire = wire

    def named(self, text: str, place: Any = None) -> list[Any]:
        """What can be seen and has this description, in a tile or in the whole panel."""
        return [
            each for each in walk(place or self.panel) if getattr(each, "description", None) == text
        ]

    def press(self, text: str, place: Any = None) -> None:
        """Clicks the first button of this text."""
        self.named(text, place)[0].click()

    def field(self, label: str) -> Any:
        """A field by its label."""
        return self.named(label)[0]

    @property
    def tiles(self) -> list[Any]:
        """Those on the page, in the order in which they are seen."""
        found = [each for each in walk(self.panel) if "comet-tile" in each._dom_classes]
        return sorted(found, key=lambda tile: int(tile.layout.order))

    def text(self, place: Any = None) -> str:
        """The HTML of a tile, or of the whole panel."""
        return "\n".join(each.value for each in walk(place or self.panel) if is_html(each))

    def buttons(self, place: Any) -> list[str]:
        """The texts of a tile's buttons."""
        return [each.description for each in walk(place) if isinstance(each, ipywidgets.Button)]

    @property
    def problem(self) -> str:
        """What is said to be wrong."""
        return "".join(
            each.value for each in walk(self.panel) if is_html(each) and "problem" in each.value
        )

    @property
    def focused(self) -> str:
        """The text of what got the keyboard last, and its tile's number from 1 if it is in one."""
        (found,) = (each for each in walk(self.panel) if each.model_id == self.wire.focused[-1])
        places = [place for place, tile in enumerate(self.tiles, 1) if found in walk(tile)]
        return " ".join([found.description, *map(str, places)])

    @property
    def cell(self) -> str:
        """The HTML of the equivalent cell."""
        (cell,) = (each for each in walk(self.panel) if "comet-equivalent" in each._dom_classes)
        return str(cell.value)

    def make(self, prompt: str = "A kitten", **traits: Any) -> Any:
        """Generates, and gives the generation at its end."""
        self.panel.prompt = prompt
        for name, value in traits.items():
            setattr(self.panel, name, value)
        return self.panel.generate().result(20)


def walk(widget: Any) -> Iterator[Any]:
    """A widget and all in it, but what is hidden."""
    if "comet-hidden" in widget._dom_classes:
        return
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def is_html(widget: Any) -> bool:
    """Whether it is a text of ours."""
    hidden = {"comet-style", "comet-disconnected"}
    return isinstance(widget, ipywidgets.HTML) and not hidden & {*widget._dom_classes}


def until(holds: Callable[[], object], seconds: float = 10) -> bool:
    """Whether it holds within that time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


@pytest.fixture(scope="session")
def kitten(demo: DemoServer, tmp_path_factory: pytest.TempPathFactory) -> comet.Generation:
    """A picture in a file, painted once."""
    made = comet.generate(
        "A kitten", base_url=demo.base_url, save_dir=tmp_path_factory.mktemp("kitten")
    )
    forget_all()
    return made.on_disk()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """In place of a front end."""
    wire = Wire()
    # Older kernels have a class of their own.
    monkeypatch.setattr("comm.create_comm" if find_spec("comm") else _OLD_COMM, wire.open)
    # ipywidgets 8 looks it up in a module of its own.
    if find_spec("ipywidgets.comm"):
        monkeypatch.setattr("ipywidgets.comm.create_comm", wire.open)
    return wire


@pytest.fixture
def new_panel(
    demo: DemoServer, fresh_session: Session, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakePanel]:
    """Makes panels that ask the demo, and closes them."""
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)
    made: list[Panel] = []

    def make(**arguments: Any) -> Face:
        made.append(Panel(**arguments))
        return Face(made[-1], wire)

    yield make
    for each in made:
        until(each._asking.done, 1)
        each.close()
    ipywidgets.Widget.close_all()


@pytest.fixture
def face(new_panel: MakePanel) -> Face:
    """A panel that asks the demo."""
    return new_panel()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, face: Face) -> Iterator[DemoServer]:
    """A server that takes a few seconds, and which the panel asks from now on."""
    with DemoServer(pace=0.3) as server:
        monkeypatch.setenv("COMETAPI_BASE_URL", server.base_url)
        yield server
        face.panel.stop()


@pytest.fixture
def kernel_shell(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell that takes itself for a kernel's."""
    monkeypatch.setattr(shell.ip, "kernel", object(), raising=False)
    return shell

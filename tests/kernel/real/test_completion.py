"""Tab in a notebook: the kernel's own completion knows the magics' words."""

import IPython
import pytest

from .kernel import Kernel

# Older ones have no matchers: there Tab must do no harm.
HAS_MATCHERS = IPython.version_info >= (8, 6)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("%%comet --tem", "--temperature", id="option"),
        pytest.param("%%comet gpt-4o-im", "gpt-4o-image", id="model"),
        pytest.param("%comet de", "demo", id="subcommand"),
        pytest.param("%%comet -i kit", "kitten", id="picture"),
        pytest.param("%%comet --image kitten.p", "kitten.png", id="file"),
    ],
)
def test_tab_completes_the_magics(kernel: Kernel, code: str, expected: str) -> None:
    """Options, model ids and subcommands complete where IPython has matchers."""
    kernel.run("%comet models")
    kernel.run("from PIL import Image\nkitten = Image.new('L', (3, 4))\nkitten.save('kitten.png')")
    matches = kernel.complete(code)
    assert expected in matches or not HAS_MATCHERS
    assert kernel.value("1") == "1"


def test_tab_elsewhere_is_left_alone(kernel: Kernel) -> None:
    """A plain Python line completes as it would without us."""
    kernel.run("commission = {}")
    assert "commission" in kernel.complete("comm")

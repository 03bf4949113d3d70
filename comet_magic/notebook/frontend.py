"""What front end shows the outputs, as far as that can be known."""

import os
import sys
from functools import cache
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher


@cache
def is_console() -> bool:
    """Whether `jupyter console`, which shows no updates of displays, started this kernel.

    A console that was attached later is not recognized.
    """
    try:
        import psutil  # comes with ipykernel
    except ImportError:
        return False
    try:
        words = psutil.Process(os.getppid()).cmdline()
    except psutil.Error:
        return False
    return any("jupyter-console" in word or "jupyter_console" in word for word in words[:3])


def only_collects(shell: Any) -> bool:
    """Whether `%%capture` or an Output widget, as in `interact`, receives the output.

    They keep displays but not their updates: they would show the first frame for ever.
    """
    if isinstance(getattr(shell, "display_pub", None), CapturingDisplayPublisher):
        return True
    module: Any = sys.modules.get("ipywidgets.widgets.widget")
    output: Any = sys.modules.get("ipywidgets.widgets.widget_output")
    if module is None or output is None:
        return False
    # `Widget.widgets` is for ipywidgets 7.
    widgets = module._instances if hasattr(module, "_instances") else module.Widget.widgets
    # An open Output widget has the id of the message whose outputs it receives. If another thread
    # has opened it, only the frames are lost.
    return any(
        isinstance(widget, output.Output) and widget.msg_id for widget in list(widgets.values())
    )

"""What can be known of the place where outputs go."""

import os
import sys
from functools import cache
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher


@cache
def is_console() -> bool:
    """Whether `jupyter console` started this kernel, which shows no update of a display.

    A kernel that it was attached to later is not known to be one.
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
    """Whether `%%capture` or an Output widget, as in `interact`, takes what is displayed now.

    They keep displays and not their updates: a first frame would stay there for ever.
    """
    if isinstance(getattr(shell, "display_pub", None), CapturingDisplayPublisher):
        return True
    module: Any = sys.modules.get("ipywidgets.widgets.widget")
    output: Any = sys.modules.get("ipywidgets.widgets.widget_output")
    if module is None or output is None:
        return False
    # The second is where ipywidgets 7 has them.
    widgets = module._instances if hasattr(module, "_instances") else module.Widget.widgets
    # One that is open has the message whose outputs it takes. A thread may have opened it, and
    # then only the frames are lost.
    return any(
        isinstance(widget, output.Output) and widget.msg_id for widget in list(widgets.values())
    )

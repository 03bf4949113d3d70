"""What the proxy answers when it answers nothing, as it is written down for the unit tests.

    python -m tests.proxy.replies

asks a real proxy and writes `tests/client/litellm.json` anew.
"""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import httpx

from comet_magic.demo import DemoServer

from .proxy import A_MINUTE, ANSWERS, key_of, running_proxy

RECORDED = Path(__file__).parents[1] / "client" / "litellm.json"
_HEADERS = (
    "content-type",
    "retry-after",
    "x-litellm-call-id",
    "llm_provider-x-cometapi-request-id",
)
_PROVIDERS = ("400", "401", "403", "404", "429", "500", "500-safety", "503", "stream", "cut")


def replies(url: str, student: str, hasty: str) -> dict[str, Any]:
    """What came instead of an answer, by its name: status, headers and text.

    Args:
        url: The proxy's base URL.
        student: Who has all answers left.
        hasty: Who has asked for nothing in the last minute.
    """
    found = {"wrong key": _ask(url, "sk-nobody", "gpt-4o-mini")}
    for name in _PROVIDERS:
        found[f"provider {name}"] = _ask(url, key_of(student), f"demo-error-{name}")
    found["no such model"] = _ask(url, key_of(student), "gpt-2")
    for _ in range(A_MINUTE + 1):
        found["too many in a minute"] = _ask(url, key_of(hasty), "demo-error-400")
    for _ in range(ANSWERS + 1):
        found["used up"] = _ask(url, key_of(student), "gpt-4o-mini")
    return found


def shape(reply: dict[str, Any]) -> tuple[Any, ...]:
    """What should be the same each time: ids, times and numbers are not."""
    text = re.sub(r"request id: \w+|[0-9a-f]{8,}|\d", "", reply["text"])
    return reply["status"], sorted(reply["headers"]), text


def _ask(url: str, key: str, model: str) -> dict[str, Any]:
    response = httpx.post(
        f"{url}/chat/completions",
        headers={"Authorization": f"Bearer {key}"},
        json={"model": model, "stream": True, "messages": [{"role": "user", "content": "Hi"}]},
        timeout=60,
    )
    headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    text = response.text
    if "event-stream" in headers["content-type"]:
        text = text.split("\n\n")[-2] + "\n\n"  # the error, which comes last
    return {"status": response.status_code, "headers": headers, "text": text}


def main() -> None:
    """Writes the file."""
    with (
        tempfile.TemporaryDirectory() as folder,
        DemoServer(pace=0) as demo,
        running_proxy(Path(folder), demo.base_url, "Anna", "Hasty") as url,
    ):
        found = replies(url, "Anna", "Hasty")
    text = json.dumps(found, indent=1, ensure_ascii=False)
    RECORDED.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

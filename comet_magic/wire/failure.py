"""Reads errors of endpoints: from an error body, a chunk, or the web page of a proxy."""

import json
import re
from dataclasses import dataclass

from ..text import all_mended
from . import reasons

# `(request id: 2026…)` is taken out of a message, as the id is shown beside it. Others are only
# read: `Please include the request ID req_123 in your message.`
_ID = r"(?:request|trace)[ _-]?id(?:\s{0,5}[:：=]\s{0,5}|\s)([\w.:-]{6,200})"
_BRACKETED_ID = re.compile(
    r"[(（\[]\s{0,5}(?:request|trace)[ _-]?id\s{0,5}[:：=]?\s{0,5}([\w.:-]{1,200})\s{0,5}[)）\]]",
    re.IGNORECASE,
)
_LAST_ID = re.compile(rf"[\s,;，。]{{0,5}}\b{_ID}\.?$", re.IGNORECASE)
_ANY_ID = re.compile(rf"\b{_ID}", re.IGNORECASE)
# Validators quote what they refuse; that can be a picture of several megabytes, with a prefix or
# without.
_QUOTED = re.compile(
    r"(data:[\w/+.-]{1,60}(?:;[\w=.-]{1,40}){0,3},)[^\s\"'<>,)]{30,}+", re.IGNORECASE
)
_BYTES = re.compile(r"[A-Za-z0-9+/_=-]{120,}+|b(['\"])\\x(?:(?!\1)[^\\]|\\.){8,}+\1?", re.DOTALL)
# The LiteLLM proxy writes the hash of a key, and wraps the message of the provider behind it:
# `litellm.BadRequestError: OpenAIException - … LiteLLM: model group 'gpt-4o' failed with the …`.
_HASH = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{56}\b")
_WRAPPING = re.compile(r"^litellm\.\w{1,60}: (?:\w{1,60}: )?(\w{1,60} - )?")
_LONGEST = 2_000
_SAMPLE, _FEW = 200, 6
_AFTERWORD = "LiteLLM: model group "
# A line of a stream of events, where an error body was expected.
_EVENT = re.compile(r"^\s{0,100}(?:event:[^\n]{0,40}\n\s{0,5})?(?:data|error):")
_DONE = re.compile(r"\s{0,20}data:\s{0,5}\[DONE\]\s{0,20}$")
# Types and codes of a used-up budget, without `_`, `-` and case. 1113 is Zhipu's, 1008 MiniMax's,
# 30001 SiliconFlow's, Arrearage Alibaba's, AccountOverdueError Volcengine's.
_USED_UP = {
    "billinghardlimitreached", "budgetexceeded", "insufficientquota", "insufficientuserquota",
    "insufficientbalance", "insufficientbalanceerror", "insufficientcredits", "balanceinsufficient",
    "insufficientfunds", "exceededcurrentquotaerror", "arrearage", "accountoverdueerror",
    "quotaexhausted", "preconsumetokenquotafailed", "allocationquota.freetieronly", "1113", "1008",
    "30001", "paymentrequired", "billingerror", "billingnotactive", "creditbalancetoolow",
}  # fmt: skip
_USED_UP_WORDS = re.compile(
    r"insufficient (?:\w{1,20} )?(?:balance|credits?\b|funds|quota)|余额不足|余额已用|余额耗尽|欠费"
    r"|(?:额度|余额)[^，。,.]{0,6}(?:用完|用尽|耗尽|不足)|请[先]?充值"
    r"|(?:balance|credits?) (?:is|are|has been|have been) "
    r"(?:too low|insufficient|not enough|used up|exhausted|depleted|negative)"
    r"|(?:not enough|out of|no more|requires more|ran out of|run out of) (?:credits?|balance)\b"
    r"|(?:in arrears|overdue[- ]payment|account is overdue)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error in the endpoint's words. A field that the endpoint did not send is empty.

    Attributes:
        message: The message, without the request id that it often ends with.
        type: For example `comet_api_error`, `new_api_error`.
        code: For example `model_not_found`; a number becomes text.
        request_id: The request id from the message or the body; a header may have one, too.
    """

    message: str
    type: str = ""
    code: str = ""
    request_id: str | None = None

    @property
    def is_used_up(self) -> bool:
        """Whether a budget or quota is used up, whatever the status: waiting does not help."""
        is_known = _is_used_up(self.type) or _is_used_up(self.code)
        return is_known or bool(_USED_UP_WORDS.search(self.message))


def failure_from_json(value: object) -> Failure | None:
    """Reads the error part of a body, or a whole body that is an error; None if it is empty.

    Args:
        value: An object, a list or a text, as parsed.
    """
    if reasons.is_blank(value):
        return None
    message = reasons.sentence(value, in_full=True)
    parts = list(reasons.objects(value))
    types, codes = reasons.types(parts), reasons.codes(parts)
    found = _without_id(_cleaned(message)[:_LONGEST])
    return Failure(
        found[0],
        next(filter(_is_used_up, types), types[0] if types else ""),
        next(filter(_is_used_up, codes), codes[0] if codes else ""),
        found[1] or reasons.request_id(parts)[:200] or None,
    )


def failure_from_body(text: str) -> Failure:
    """Reads a whole error body: JSON in any known shape, a web page, XML, or plain text."""
    text = text.strip("\ufeff \t\r\n")
    if event := _EVENT.match(text):
        text = _DONE.sub("", text[event.end() :]).strip()
    value: object = text
    if text[:1] in ("{", "[", '"'):
        try:
            value = all_mended(json.loads(text))
        # It may be cut, or nested too deeply.
        except (ValueError, RecursionError):
            pass
    return failure_from_json(value) or Failure("")


def _is_used_up(word: str) -> bool:
    return word.lower().replace("_", "").replace("-", "") in _USED_UP


def _cleaned(message: str) -> str:
    """The message without bytes and hashes, and without what a proxy wrapped around it."""
    message = _HASH.sub(r"\1…", _BYTES.sub(_without_bytes, _QUOTED.sub(r"\1…", message)))
    if wrapping := _WRAPPING.match(message):
        message = message[wrapping.end() :].partition(_AFTERWORD)[0].strip()
        if wrapping[1]:
            message = f"the provider behind the proxy says: {message}"
    return message


def _without_bytes(found: re.Match[str]) -> str:
    # Many different characters are base64; a run of a few is a line or a test.
    return "…" if len(set(found[0][:_SAMPLE])) > _FEW else found[0]


def _without_id(message: str) -> tuple[str, str | None]:
    """The message without the id that stands in it, and the id."""
    found = _BRACKETED_ID.search(message) or _LAST_ID.search(message)
    if found:
        return (message[: found.start()] + message[found.end() :]).strip(), found[1]
    found = _ANY_ID.search(message)
    return message, found[1] if found else None

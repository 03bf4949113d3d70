"""Cleans pasted keys and addresses of quotes, variable names and invisible characters.

The expressions are plain strings, which `re` compiles and keeps when they are needed: compiling
them here would delay `%load_ext`.
"""

import re

# Zero-width characters, direction marks, soft hyphens, byte order marks: copied from web pages.
_UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_QUOTES = "\"'`“”„‘’«»"
_AROUND = f"{_QUOTES},;<> \t\r\n\v\f\x85\xa0\u2028\u2029\u3000"
# `export COMETAPI_KEY=`, `$env:COMETAPI_KEY = `, `os.environ["COMETAPI_KEY"] = `, `"api_key": `
_BEFORE = r"(?:export\s+|set\s+|setx\s+|%env\s+|-H\s+|--header\s+|\$env:|os\.environ\[)?"
_KEY_NAME = (
    rf"(?i){_BEFORE}[{_QUOTES}]?(?:api )?[\w.-]{{0,40}}(?:key|token|secret|authorization)"
    rf"[{_QUOTES}\]]{{0,2}}\s{{0,5}}[=:]\s{{0,5}}"
)
_SETX = r"(?i)(?:setx|%env)\s+\w{0,40}(?:key|token)\s+"
_URL_NAME = (
    rf"(?i){_BEFORE}[{_QUOTES}]?[\w.-]{{0,40}}(?:url|base|endpoint|host)[{_QUOTES}\]]{{0,2}}"
    r"\s{0,5}[=:]\s{0,5}(?=.*//)"
)
_SCHEME = r"(?i)(?:bearer|token)(?:[\s:=]+|$)"


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in `text`."""
    return not re.sub(_UNSEEN, "", text).strip()


def key_in(text: str) -> str:
    """The key in `export COMETAPI_KEY="sk-…"` or `Authorization: Bearer sk-…`, without the rest."""
    text = _bare(text)
    for words in (_SETX, _KEY_NAME, _SCHEME):
        if found := re.match(words, text):
            text = _bare(text[found.end() :])
    return text


def url_in(text: str) -> str:
    """The address in `COMETAPI_BASE_URL="https://…"`, without the rest."""
    text = _bare(text)
    found = re.match(_URL_NAME, text)
    return _bare(text[found.end() :]) if found else text


def _bare(text: str) -> str:
    return re.sub(_UNSEEN, "", text).strip(_AROUND)

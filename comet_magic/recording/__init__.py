"""Recordings: what was asked and answered, in a file that answers the same again.

A recording is JSON Lines, UTF-8, one object a line, in the order in which things happened:

    {"format": "comet_magic recording", "version": 1, "recorded": "2026-11-25T03:10:00+00:00",
     "endpoint": "demo", "software": "comet_magic/0.1.0"}
    {"exchange": 1, "at": "2026-11-25T03:10:04+00:00", "method": "POST",
     "url": "http://127.0.0.1:35121/v1/chat/completions", "body": {"model": "gpt-4o-image", …}}
    {"exchange": 1, "after": 0.012, "status": 200, "headers": {"content-type": "text/event-stream"}}
    {"exchange": 1, "after": 0.371, "text": "data: {\\"id\\":\\"chatcmpl-…\\", …}\\n\\n"}
    {"exchange": 1, "after": 9.204, "end": "complete"}

The first line says what the file is: `recorded` when it was begun, `endpoint` who answered (the
host, or `demo`). An exchange is one HTTP request and its answer; exchanges that ran at once stand
between each other. Of a request `method`, `url` and `body` are kept, and no header. `after` is in
seconds since the request was made.

The body of an answer comes as it came in: a text up to and with the next blank line is one
`text`, with the time of its last byte. What is no UTF-8 is `base64`, and pictures, videos and
sounds are a `file`. Of the headers those are kept that say what the body is, who to quote to the
provider, and what to do next. `end` is `complete`; `closed` if this side had enough and hung up;
`stopped` if the user interrupted; or the name of the `httpx` error that broke it off, with its
`message`. An exchange without an `end` was under way when the kernel died.

Files lie beside the recording, in a folder that is named after it (`lesson_files` for
`lesson.jsonl`); their names are the beginning of their SHA-256. A text of which a part is base64
of 1,000 characters or more, in requests and answers, is a list of its pieces: texts, and
`{"base64_of": FILE}` in place of that part.

The key is in none of it: headers of requests are not kept, and where an answer quotes the key it
is replaced by `[key]`.
"""

FORMAT = "comet_magic recording"
VERSION = 1

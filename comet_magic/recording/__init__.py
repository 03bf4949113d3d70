"""Recordings: requests and their answers, in a file that gives the same answers again.

A recording is JSON Lines, UTF-8, one object a line, in the order in which things happened:

    {"format": "comet_magic recording", "version": 1, "recorded": "2026-11-25T03:10:00+00:00",
     "endpoint": "api.example", "base_url": "https://api.example/v1", "software": "comet_magic/0.1"}
    {"exchange": 1, "at": "2026-11-25T03:10:04+00:00", "method": "POST",
     "url": "https://api.example/v1/pictures", "body": {"model": "gpt-4o-image", …}}
    {"exchange": 1, "after": 0.012, "status": 200, "headers": {"content-type": "text/event-stream"}}
    {"exchange": 1, "after": 0.371, "text": "data: {\\"id\\":\\"chatcmpl-…\\", …}\\n\\n"}
    {"exchange": 1, "after": 9.204, "end": "complete"}

The first line is the header: `recorded` is the time when the recording began, `endpoint` the host
that answered, or `demo`, and `base_url` the address of its API, which the demo and older recordings
do not have.

An exchange is one HTTP request and its answer. A generation can have several: a submit, polls,
downloads. The lines of exchanges that ran at the same time alternate. A request is kept as its
`method`, `url` and `body`, without its headers. `after` is in seconds since the request was made.

The body of an answer is kept as it came: each event of a stream, up to and including its blank
line, is one `text`, with the time of its last byte. Bytes that are not UTF-8 are `base64`;
pictures, videos and sounds are a `file`. The headers that are kept say what the body is, which id
to quote to the provider, and what to do next. `end` is `complete`; `closed` if this side hung up
because it had enough; `stopped` if the user interrupted; or the name of the `httpx` error that
broke the answer off, with its `message`. An exchange without an `end` was running when the kernel
died.

Files are in a folder next to the recording that has its name (`lesson_files` for `lesson.jsonl`).
Each is named after its SHA-256. If a text contains base64 of 1,000 characters or more, in a request
or an answer, it is a list of pieces instead: texts, and `{"base64_of": FILE}` in place of base64.

The key is nowhere in it: headers of requests are not kept, and where an answer quotes the key,
`[key]` replaces it.
"""

FORMAT = "comet_magic recording"
VERSION = 1

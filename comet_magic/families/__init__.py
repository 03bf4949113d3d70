"""Endpoint families: each turns a question into calls, and the answers into facts.

A family is one kind of endpoint, with its paths, fields and states. Only `families/` and `demo/`
know these. To add a family:

1. Write `families/NAME.py`, or a folder if it needs several files, with two classes.

   The **exchange** follows one question (`exchange.Exchange`; `PlainExchange` has defaults for
   most methods). It uses no socket and no clock, so tests can feed it bytes.
   `next` returns the next step: a `Call` (method, path, JSON body, whether it may cost money), a
   `Pause`, or None at the end. `hear` takes an `Event` of a stream or a whole `Body` and returns
   facts: `Staged`, `Percent`, `TaskId`, `Made`, `Used`, `Finished`, `Failed` … (see `facts`).
   For a text that grows, `hear` returns `Grown`, and `look` parses the text, once per frame.
   `cancel` returns the call that stops the work at the provider, if there is one.

   The **family** has a `name` and its `parameters`. `makes` returns what a model makes, or None
   for a model of another family. `begin` starts the exchange for an `Ask`, and `need` estimates
   its cost.

2. Add it to `registry.FAMILIES`. The first family that accepts a model gets it; chat is last.

3. Implement the server side in `demo/families/`. Share no code, so that no mistake is shared.

4. Test the exchange with bytes: whole, cut at every place, and byte by byte. Then test it against
   the demo, and the demo against the provider's own client.

Everything else works unchanged: the client sends the calls, retries those that cost nothing, and
fetches and saves the results. Cells, panels, batches, recordings, budgets and inspections read
the facts. `tests/families/toy.py` is a family in 70 lines.
"""

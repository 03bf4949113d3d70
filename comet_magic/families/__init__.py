"""Endpoint families: what is asked, as an exchange of calls and facts.

A family is one way of asking an endpoint: its paths, its fields, its states. Nothing outside
`families/` and `demo/` knows these. To add one:

1. Write `families/NAME.py`, or a folder if it needs more than one file, with two classes.

   The **exchange** is one question under way (`exchange.Exchange`; `PlainExchange` has what most
   need). It knows no socket and no clock, so tests feed it bytes:
   `next` says what to do: a `Call` (method, path, JSON body, whether it may cost), a `Pause`, or
   None at the end. `hear` takes an `Event` of a stream or a whole `Body` and returns facts:
   `Staged`, `Percent`, `TaskId`, `Made`, `Used`, `Finished`, `Failed` … (see `facts`).
   A growing text is announced by `Grown` and read in `look`, which is asked once a frame.
   `cancel` gives the call that stops the work at the provider, if there is one.

   The **family** names itself, lists its `parameters`, says in `makes` what a model makes (None:
   not mine), and has `begin` (the exchange of an `Ask`) and `need` (what is known of its cost).

2. Add it to `registry.FAMILIES`. The first family that takes a model is asked; chat is the last.

3. Write the same in `demo/families/`, on its own, so that the two cannot share a mistake.

4. Test the exchange with bytes: whole, cut at every place, byte by byte. Then through the demo,
   with the provider's own client beside it.

The rest follows: the client's loop sends the calls, retries what costs nothing, fetches and saves
what was made; cells, panels, batches, recordings, budgets and inspections read the facts.
`tests/families/toy.py` is such a family in 70 lines.
"""

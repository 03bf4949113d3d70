"""What the generations of one kernel share: the loop, the session, the ledger, conversations."""

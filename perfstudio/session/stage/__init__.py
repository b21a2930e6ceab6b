"""The stage: a table of states, and the director who follows it."""

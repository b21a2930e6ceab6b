"""Checks: what a director of photography and a sound recordist would say about a take, as codes and numbers.

Measurements are pure functions and small accumulators over blocks of samples and small pictures; verdicts are made from
them by `limits` (one data file). The same measurements run live beside the recorder (`live.LiveChecks`, on the
recorder's observer thread) and on closed files (`report.check_media`, on two worker threads of its own). A check
advises; "intended" belongs to the performer and lives in the manifest. Nothing here keeps landmarks or embeddings of a
face: a box and a few numbers only.
"""

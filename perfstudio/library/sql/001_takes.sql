-- The list of takes. Every column comes from the take's folder; `stamp` says which files were read.
CREATE TABLE takes (
    take_id TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    sealed INTEGER NOT NULL,
    studio_id TEXT NOT NULL,
    pack_id TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    prompt_id TEXT NOT NULL,
    prompt_title TEXT NOT NULL,
    character TEXT NOT NULL,
    take_number INTEGER NOT NULL,
    emotions TEXT NOT NULL,
    started_utc TEXT NOT NULL,
    duration_s REAL,
    state TEXT NOT NULL,
    decision TEXT NOT NULL,
    circled INTEGER NOT NULL,
    practice INTEGER NOT NULL,
    verdict TEXT,
    meant TEXT NOT NULL,
    note TEXT NOT NULL,
    sent TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    damage TEXT NOT NULL,
    missing INTEGER NOT NULL,
    crc INTEGER NOT NULL
);

CREATE INDEX takes_by_prompt ON takes (pack_id, prompt_id, take_number);
CREATE INDEX takes_by_state ON takes (state);

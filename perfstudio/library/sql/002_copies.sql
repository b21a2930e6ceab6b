-- A second copy of every sealed manifest (zlib over JSON), so that a garbled take.json can be put right.
CREATE TABLE copies (
    take_id TEXT PRIMARY KEY,
    manifest BLOB NOT NULL
);

-- Rows made before this table have no copy yet: read their folders again.
UPDATE takes SET stamp = '';

-- Calls: who rang and what followed. A call is written down while it rings, so that a cut of the
-- power between the first ring and the end loses nobody.

CREATE TABLE call (
    id          INTEGER PRIMARY KEY,
    channel_id  INTEGER NOT NULL REFERENCES channel (id),
    number      TEXT,                         -- NULL: withheld, or not told yet
    rang_at     INTEGER NOT NULL,
    ended_at    INTEGER,
    how         TEXT    NOT NULL DEFAULT '',  -- how it ended, in words
    followed    TEXT    NOT NULL DEFAULT '',  -- what followed, in words; for people
    was_heeded  INTEGER NOT NULL DEFAULT 0    -- 1: something was sent because of it
) STRICT;
-- A number is heeded so many times a day, and not twice within minutes.
CREATE INDEX call_by_number ON call (number, rang_at);
CREATE INDEX call_open ON call (channel_id) WHERE ended_at IS NULL;

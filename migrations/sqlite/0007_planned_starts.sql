-- Flows that an ending starts for its person, now or later. A row is never deleted: it says what
-- became of it.

CREATE TABLE planned_start (
    id          INTEGER PRIMARY KEY,
    contact_id  INTEGER NOT NULL,
    number      TEXT    NOT NULL,             -- the number that the run before talked to
    flow        TEXT    NOT NULL,             -- its published version, when the time has come
    due_at      INTEGER NOT NULL,
    from_run    INTEGER NOT NULL REFERENCES run(id), -- the run whose ending asked for it
    chain       INTEGER NOT NULL,             -- how many flows in a row began without the person's word
    state       TEXT    NOT NULL,             -- waiting, held, needs_flow, begun, dropped, taken_back
    why         TEXT    NOT NULL DEFAULT '',  -- for those that are not begun, in plain words
    run_id      INTEGER REFERENCES run(id),   -- the run it became
    made_at     INTEGER NOT NULL,
    over_at     INTEGER,                      -- when it began or was dropped
    UNIQUE (from_run, flow)                   -- nothing starts twice
) STRICT;
CREATE INDEX planned_start_due ON planned_start (due_at, id) WHERE state = 'waiting';
CREATE INDEX planned_start_number ON planned_start (number) 
    WHERE state IN ('waiting', 'held', 'needs_flow');
CREATE UNIQUE INDEX planned_start_run ON planned_start (run_id) WHERE run_id IS NOT NULL;

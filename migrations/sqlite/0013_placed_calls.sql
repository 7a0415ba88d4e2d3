-- Calls that the office makes: one row a call, written before its modem is told to dial.

CREATE TABLE placed_call (
    id          INTEGER PRIMARY KEY,
    run_id      INTEGER NOT NULL REFERENCES run (id),
    number      TEXT    NOT NULL,
    why         TEXT    NOT NULL,             -- why it is made, in words
    asked_for   INTEGER NOT NULL DEFAULT 0,   -- 1: the person rang, so it may be made in quiet hours
    in_vain     INTEGER NOT NULL,             -- how many before it were in vain, in a row
    state       TEXT    NOT NULL,             -- wanted, dialling, ringing, talking, over
    due_at      INTEGER NOT NULL,             -- when it is to be made
    channel_id  INTEGER REFERENCES channel (id),
    dialled_at  INTEGER,
    answered_at INTEGER,
    ended_at    INTEGER,
    heard       INTEGER NOT NULL DEFAULT 0,   -- how often a key was pressed or somebody spoke
    how         TEXT    NOT NULL DEFAULT ''   -- how it ended, in words
) STRICT;
-- Nobody is called twice at once, and a run waits for one call at most.
CREATE UNIQUE INDEX placed_call_live ON placed_call (number)
    WHERE state IN ('dialling', 'ringing', 'talking');
CREATE UNIQUE INDEX placed_call_wanted ON placed_call (run_id) WHERE state = 'wanted';
CREATE INDEX placed_call_due ON placed_call (due_at) WHERE state = 'wanted';
CREATE INDEX placed_call_by_run ON placed_call (run_id);
CREATE INDEX placed_call_by_number ON placed_call (number, dialled_at);

-- How a campaign begins: sms, voice; empty: as its flow says.
ALTER TABLE campaign ADD COLUMN begins_by TEXT NOT NULL DEFAULT '';

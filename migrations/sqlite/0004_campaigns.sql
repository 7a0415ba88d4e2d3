-- A flow started for many contacts, and what became of each of them.

CREATE TABLE campaign (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    flow        TEXT    NOT NULL,
    digest      TEXT    NOT NULL REFERENCES flow_version(digest),
    start_key   TEXT    NOT NULL UNIQUE,      -- the same start twice is one start
    status      TEXT    NOT NULL,             -- running, paused, cancelled, finished
    audience    TEXT    NOT NULL,             -- JSON: who was asked for
    created_at  INTEGER NOT NULL,
    due_at      INTEGER                       -- when the next batch is begun; NULL: nobody waits
) STRICT;
CREATE INDEX campaign_due ON campaign (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE campaign_contact (
    campaign_id INTEGER NOT NULL REFERENCES campaign(id),
    contact_id  INTEGER NOT NULL,
    run_id      INTEGER,                      -- the newest run of this person in it
    state       TEXT    NOT NULL,             -- waiting (nothing made yet), begun, over
    disposition TEXT    NOT NULL,             -- see Disposition
    why         TEXT    NOT NULL DEFAULT '',  -- plain words, where a person asks "why not?"
    -- Facts that the figures rest on, kept when they first become true.
    messaged_at  INTEGER,                     -- a segment left
    reached_at   INTEGER,                     -- a delivery report or any reply
    responded_at INTEGER,                     -- the first question was answered and understood
    completed_at INTEGER,                     -- the last question was answered
    PRIMARY KEY (campaign_id, contact_id)
) STRICT;
CREATE INDEX campaign_contact_waiting ON campaign_contact (campaign_id) WHERE state = 'waiting';
CREATE INDEX campaign_contact_by_contact ON campaign_contact (contact_id);

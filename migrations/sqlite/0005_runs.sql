-- One contact's way through one flow, and the answers.

CREATE TABLE run (
    id          INTEGER PRIMARY KEY,
    contact_id  INTEGER NOT NULL,
    number      TEXT    NOT NULL,             -- the number this run talks to
    campaign_id INTEGER REFERENCES campaign(id),
    flow        TEXT    NOT NULL,
    digest      TEXT    NOT NULL REFERENCES flow_version(digest),
    mode        TEXT    NOT NULL,             -- sms, voice
    language    TEXT    NOT NULL,
    status      TEXT    NOT NULL,             -- waiting, completed, ended, expired, stopped, cancelled, needs_person, failed
    ending      TEXT    NOT NULL DEFAULT '',  -- the ending's name, or the reason in plain words
    question    TEXT,                         -- the question waited at
    tries       INTEGER NOT NULL DEFAULT 0,
    reminders   INTEGER NOT NULL DEFAULT 0,
    proposed_kind TEXT,                       -- a proposed value that awaits a yes; fixing: they choose an answer to correct
    proposed    TEXT,
    turn        INTEGER NOT NULL,
    channel_id  INTEGER,                      -- the channel it talks through
    asked_id    INTEGER,                      -- the message of the question waited at
    asked_at    INTEGER,                      -- when that message had wholly left; NULL: it has not
    remind_ms   INTEGER,                      -- timers of this turn; they start at asked_at
    expire_ms   INTEGER,
    due_at      INTEGER,                      -- the next timer, once running
    due_what    TEXT,                         -- remind, expire
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER
) STRICT;
CREATE INDEX run_due ON run (due_at) WHERE due_at IS NOT NULL;
-- A number waits in one run at a time: an answer can never be taken for another person's.
CREATE UNIQUE INDEX run_waiting_number ON run (number) WHERE status = 'waiting';
CREATE INDEX run_by_contact ON run (contact_id);
CREATE INDEX run_by_campaign ON run (campaign_id);

-- Every reading is kept; the newest of a question is the answer.
CREATE TABLE answer (
    id          INTEGER PRIMARY KEY,
    run_id      INTEGER NOT NULL REFERENCES run(id),
    question    TEXT    NOT NULL,
    kind        TEXT,                         -- NULL where nothing was understood
    value       TEXT,
    heard       TEXT    NOT NULL,
    how         TEXT    NOT NULL,             -- exact, repaired, confirmed, not_understood
    message_id  INTEGER,                      -- the inbound message it was read from
    answered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_by_run ON answer (run_id, question);

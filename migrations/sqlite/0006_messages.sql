-- Texts either way, their segments, every attempt, the network's reports, raw PDUs, the inbox.

CREATE TABLE message (
    id          INTEGER PRIMARY KEY,
    direction   TEXT    NOT NULL,             -- in, out
    contact_id  INTEGER,
    number      TEXT    NOT NULL,             -- E.164, or an alphanumeric sender or short code as written
    channel_id  INTEGER,                      -- in: came by; out: must go by (NULL: whichever is free)
    run_id      INTEGER REFERENCES run(id),
    turn        INTEGER,                      -- the turn of the run that made it
    campaign_id INTEGER,
    question    TEXT,                         -- out: the question it asks; in: the one it was taken to answer
    body        TEXT    NOT NULL,
    status      TEXT    NOT NULL,             -- out: see MessageStatus; in: received
    priority    INTEGER NOT NULL DEFAULT 0,   -- see Priority; lower goes first
    repeatable  INTEGER NOT NULL DEFAULT 1,   -- 1: an uncertain one may be sent once more
    repeats     INTEGER NOT NULL DEFAULT 0,   -- how often it was sent again after being uncertain
    not_before  INTEGER NOT NULL DEFAULT 0,   -- when it may be tried (again)
    expires_at  INTEGER,                      -- too late to send after this
    uncertain_until INTEGER,                  -- when an uncertain one is decided
    why         TEXT    NOT NULL DEFAULT '',  -- the last trouble, in plain words
    created_at  INTEGER NOT NULL,             -- in: when a modem gave it to us
    said_at     INTEGER,                      -- in: when the service centre took it, by the network's clock
    sent_at     INTEGER,
    delivered_at INTEGER
) STRICT;
-- The queue: what waits to go, in the order it goes.
CREATE INDEX message_queue ON message (priority, id, not_before)
    WHERE status IN ('queued', 'sending');
CREATE INDEX message_uncertain ON message (uncertain_until) WHERE status = 'uncertain';
CREATE INDEX message_expiry ON message (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX message_by_run ON message (run_id);
CREATE INDEX message_by_number ON message (number, id);

CREATE TABLE segment (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES message(id),
    position    INTEGER NOT NULL,             -- 1 is the first
    total       INTEGER NOT NULL,
    status      TEXT    NOT NULL,             -- queued, sending, sent, delivered, uncertain, failed, cancelled
    UNIQUE (message_id, position)
) STRICT;
CREATE INDEX segment_queued ON segment (message_id) WHERE status = 'queued';

-- Append-only but for the outcome. Written, and durable, before the first byte leaves.
CREATE TABLE attempt (
    id          INTEGER PRIMARY KEY,
    segment_id  INTEGER NOT NULL REFERENCES segment(id),
    channel_id  INTEGER NOT NULL,
    began_at    INTEGER NOT NULL,
    ended_at    INTEGER,
    outcome     TEXT,                         -- sent, not_sent, uncertain; NULL: open
    reference   INTEGER,                      -- TP-MR, where the modem told it
    on_phone_at INTEGER,                      -- when the phone took it, by the network's clock
    why         TEXT    NOT NULL DEFAULT ''
) STRICT;
-- A segment has at most one open attempt.
CREATE UNIQUE INDEX attempt_open ON attempt (segment_id) WHERE outcome IS NULL;
CREATE INDEX attempt_by_segment ON attempt (segment_id);
CREATE INDEX attempt_by_reference ON attempt (channel_id, reference, began_at);
CREATE INDEX attempt_pace ON attempt (channel_id, began_at);

-- What the network said of delivery; attempt_id NULL where no attempt fits.
CREATE TABLE report (
    id          INTEGER PRIMARY KEY,
    channel_id  INTEGER NOT NULL,
    reference   INTEGER NOT NULL,
    number      TEXT    NOT NULL,
    status      INTEGER NOT NULL,             -- TP-ST, TS 23.040 §9.2.3.15
    attempt_id  INTEGER REFERENCES attempt(id),
    reported_at INTEGER NOT NULL
) STRICT;

-- Every PDU that a modem gave us, to the octet. The key refuses twins: the same octets under the
-- same service-centre time are the same message, whoever offers it again.
CREATE TABLE raw_pdu (
    id          INTEGER PRIMARY KEY,
    twin_key    TEXT    NOT NULL UNIQUE,
    channel_id  INTEGER NOT NULL,
    octets      BLOB    NOT NULL,
    kind        TEXT    NOT NULL,             -- deliver, report, special, unreadable
    why         TEXT    NOT NULL DEFAULT '',  -- for unreadable ones: what was wrong
    message_id  INTEGER,                      -- the message it became (part of)
    received_at INTEGER NOT NULL
) STRICT;

-- Parts of long messages, until all are there. Halves survive a restart.
CREATE TABLE part (
    raw_pdu_id  INTEGER PRIMARY KEY REFERENCES raw_pdu(id),
    number      TEXT    NOT NULL,
    reference   INTEGER NOT NULL,
    width       INTEGER NOT NULL,             -- 8 or 16 bits of reference
    total       INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    first_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX part_group ON part (number, reference, width, total);

-- What waits for a person in the office.
CREATE TABLE inbox (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES message(id),
    why         TEXT    NOT NULL,             -- plain words: why it needs a person
    state       TEXT    NOT NULL,             -- open, done
    assigned_to TEXT,
    created_at  INTEGER NOT NULL,
    done_at     INTEGER
) STRICT;
CREATE INDEX inbox_open ON inbox (id) WHERE state = 'open';

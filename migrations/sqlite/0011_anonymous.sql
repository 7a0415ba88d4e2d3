-- Answers to anonymous flows: each stands alone. No number, no contact, no run, no message, no time,
-- no language; the id is chance, and the rows lie in its order. What is not in this table of an
-- anonymous run is that a question was answered, not how.

CREATE TABLE anonymous_answer (
    id          BLOB    PRIMARY KEY,          -- 16 octets of chance
    campaign_id INTEGER,
    flow        TEXT    NOT NULL,
    question    TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    value       TEXT    NOT NULL              -- Value::to_text
) STRICT, WITHOUT ROWID;
CREATE INDEX anonymous_answer_by_question ON anonymous_answer (campaign_id, question, value);

ALTER TABLE flow_version ADD COLUMN anonymous INTEGER NOT NULL DEFAULT 0;

-- 1: the text may answer an anonymous flow. Once it is processed, its octets hold no text any more;
-- a part of a long text keeps it until the others are there.
ALTER TABLE raw_pdu ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;

-- A text that nobody waits for is judged by the number's last run.
CREATE INDEX run_by_number ON run (number, ended_at);

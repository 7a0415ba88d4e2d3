-- When flows start by themselves. The rule itself stands in the published version of the flow; here
-- is only what time has made of it.

CREATE TABLE schedule (
    flow        TEXT    NOT NULL,
    position    INTEGER NOT NULL,             -- its place in the flow's list, from 0
    name        TEXT    NOT NULL,             -- for whom, and which of several: stays when its time is changed
    says        TEXT    NOT NULL,             -- all of it, in words
    by_field    TEXT,                         -- the contact's field, where it goes by a date
    since       INTEGER NOT NULL,             -- in force since; what was before is not its business
    next_at     INTEGER,                      -- when it is looked at next
    last_day    TEXT,                         -- the newest day that was done or let pass: 2026-03-01
    PRIMARY KEY (flow, position)
) STRICT;
CREATE INDEX schedule_due ON schedule (next_at) WHERE next_at IS NOT NULL;

-- Who was started by a date of theirs: once for each date, however often it is looked at.
CREATE TABLE schedule_person (
    flow        TEXT    NOT NULL,
    name        TEXT    NOT NULL,             -- the schedule's name
    contact_id  INTEGER NOT NULL,
    date        TEXT    NOT NULL,             -- the date of the contact, 2026-03-01
    PRIMARY KEY (flow, name, contact_id, date)
) STRICT;

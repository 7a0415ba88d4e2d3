-- People, their numbers, groups and fields, and the word STOP.

CREATE TABLE import (
    id          INTEGER PRIMARY KEY,
    file        TEXT    NOT NULL,
    made_at     INTEGER NOT NULL,
    undone_at   INTEGER,
    summary     TEXT    NOT NULL              -- JSON: counts and the per-row report
) STRICT;

-- AUTOINCREMENT: the id of a contact that was taken back is never given to another person, whose
-- the runs and messages of the first would seem to be.
CREATE TABLE contact (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    external_id TEXT    UNIQUE,               -- the registry's own id, where the spreadsheet had one
    name        TEXT    NOT NULL,
    language    TEXT,
    created_at  INTEGER NOT NULL,
    import_id   INTEGER REFERENCES import(id) -- the import that made this contact
) STRICT;

-- A number may belong to two contacts (a shared phone); the list flags it.
CREATE TABLE contact_number (
    contact_id  INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
    number      TEXT    NOT NULL,             -- E.164
    position    INTEGER NOT NULL,             -- 0 is the best one
    PRIMARY KEY (contact_id, number)
) STRICT;
CREATE INDEX contact_number_by_number ON contact_number (number);

CREATE TABLE field (
    name        TEXT PRIMARY KEY,
    kind        TEXT NOT NULL                 -- text, yes_no, number, choice, date, time, phone, code, place
) STRICT;

CREATE TABLE contact_field (
    contact_id  INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
    field       TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    value       TEXT    NOT NULL,             -- Value::to_text
    PRIMARY KEY (contact_id, field)
) STRICT;
CREATE INDEX contact_field_by_value ON contact_field (field, value);

CREATE TABLE contact_group (
    contact_id  INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    PRIMARY KEY (contact_id, name)
) STRICT;
CREATE INDEX contact_group_by_name ON contact_group (name);

-- What an import changed, so that it can be undone: the contact before, as JSON; NULL for a new one.
CREATE TABLE import_change (
    import_id   INTEGER NOT NULL REFERENCES import(id),
    contact_id  INTEGER NOT NULL,
    before      TEXT,
    PRIMARY KEY (import_id, contact_id)
) STRICT;

-- STOP belongs to the number, not to the contact: it survives every re-import and deletion.
CREATE TABLE opt_out (
    number      TEXT    PRIMARY KEY,
    stopped_at  INTEGER NOT NULL,
    heard       TEXT    NOT NULL              -- the word they sent, or who in the office said so
) STRICT;

-- Channels: numbers people see. A modem is known by its IMEI, a SIM by its ICCID, never by a port.

CREATE TABLE channel (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    number      TEXT,
    imei        TEXT,
    iccid       TEXT,
    operator    TEXT,
    state       TEXT    NOT NULL DEFAULT 'absent', -- absent, starting, ready, lost, attention
    state_why   TEXT    NOT NULL DEFAULT '',       -- plain words
    state_at    INTEGER NOT NULL DEFAULT 0,
    signal      INTEGER                            -- dBm
) STRICT;

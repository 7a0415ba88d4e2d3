-- Flow versions. A waiting person keeps the version they began with.

CREATE TABLE flow_version (
    digest       TEXT    PRIMARY KEY,         -- SHA-256 of source and files
    flow         TEXT    NOT NULL,            -- the flow's id
    source       TEXT    NOT NULL,            -- the file as it was
    beside       TEXT    NOT NULL,            -- JSON: the files it named, file name to text
    published_at INTEGER NOT NULL
) STRICT;

-- The version that new starts get.
CREATE TABLE flow (
    id           TEXT    PRIMARY KEY,
    digest       TEXT    NOT NULL REFERENCES flow_version(digest)
) STRICT;

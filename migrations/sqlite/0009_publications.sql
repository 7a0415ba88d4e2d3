-- Which version of a flow was made the one in use, and when: what a rollback goes back through.
-- The table `flow` keeps pointing at the one in use.

CREATE TABLE publication (
    id           INTEGER PRIMARY KEY,
    flow         TEXT    NOT NULL,            -- the flow's id
    digest       TEXT    NOT NULL REFERENCES flow_version(digest),
    how          TEXT    NOT NULL,            -- publish, start (of a campaign), rollback
    published_at INTEGER NOT NULL
) STRICT;
CREATE INDEX publication_by_flow ON publication (flow, id);

-- What was published before this table was kept.
INSERT INTO publication (flow, digest, how, published_at)
SELECT flow, digest, 'publish', published_at FROM flow_version ORDER BY published_at;

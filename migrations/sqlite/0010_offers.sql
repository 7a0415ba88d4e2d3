-- Who is in the middle of another flow is told once that a campaign waits for them.

ALTER TABLE campaign_contact ADD COLUMN offered_at INTEGER; -- when they were told; NULL: they were not

-- Pages of sessions by the time closed: open ones stand below all others.
CREATE INDEX sessions_closed ON sessions (brand_id,coalesce(closed_at, '-infinity'::timestamptz),id);

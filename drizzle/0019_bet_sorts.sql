-- The orders of bets besides the time placed and the stake. Whole indexes: a settled bet is written to all of them, which
-- was measured; each is one walk, with what has no value below all others.
CREATE INDEX bets_payout ON bets (brand_id,payout_minor,id);
CREATE INDEX bets_settled_at ON bets (brand_id,coalesce(settled_at, '-infinity'::timestamptz),id);
CREATE INDEX bets_multiple ON bets (brand_id,(case when stake_minor > 0 then div(payout_minor * 1e36, stake_minor) else -1 end),id);

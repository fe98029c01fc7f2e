-- Bonus money, jackpots, promotions, and what an account's provider is paid and verified with.
ALTER TABLE provider_accounts ADD COLUMN shared_secrets bytea[] DEFAULT '{}' NOT NULL;
ALTER TABLE provider_accounts ADD COLUMN engine_url text;
ALTER TABLE provider_accounts ADD COLUMN free_wins_to text DEFAULT 'CASH' NOT NULL;
ALTER TABLE provider_accounts ADD COLUMN stuck_after_minutes integer DEFAULT 1440 NOT NULL;
ALTER TABLE transactions ADD COLUMN bonus_minor bigint;
ALTER TABLE transactions ADD COLUMN jackpot_minor bigint;
ALTER TABLE bets ADD COLUMN bonus_stake_minor bigint DEFAULT 0 NOT NULL;
ALTER TABLE bets ADD COLUMN jackpot_minor bigint DEFAULT 0 NOT NULL;
ALTER TABLE bets ADD CONSTRAINT bets_bonus_stake CHECK (bonus_stake_minor between 0 and stake_minor);
ALTER TABLE bets ADD CONSTRAINT bets_jackpot CHECK (jackpot_minor between 0 and payout_minor);

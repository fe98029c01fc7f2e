-- A batch finds a round by account, player and key. Where the average player has one round, the planner finds the index
-- by player alone as cheap, and then reads every round of the busiest one. It is told that players have many.
ALTER TABLE rounds ALTER COLUMN player_id SET (n_distinct = 50);

-- From a bet to the mismatches that providers' reports had with its transactions.
CREATE INDEX reconciliation_items_bet ON reconciliation_items (bet_id,id) WHERE bet_id is not null;

-- A provider call by the provider's id of the attempt: what its support quotes.
CREATE INDEX provider_calls_attempt ON provider_calls (attempt_key) WHERE attempt_key is not null;

-- Days apart from hours: a report over days then reads few pages, instead of one for each row between many hours.
ALTER TABLE figures RENAME TO figures_before;
ALTER TABLE figures_before RENAME CONSTRAINT figures_pkey TO figures_before_pkey;
CREATE TABLE figures (LIKE figures_before) PARTITION BY LIST (grain);
ALTER TABLE figures ADD CONSTRAINT figures_pkey PRIMARY KEY(grain,group_id,starts_at);
CREATE TABLE figures_hour PARTITION OF figures FOR VALUES IN ('HOUR') WITH (fillfactor = 80);
CREATE TABLE figures_day PARTITION OF figures FOR VALUES IN ('DAY') WITH (fillfactor = 80);
INSERT INTO figures SELECT * FROM figures_before;
DROP TABLE figures_before;

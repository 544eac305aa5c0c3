INSERT INTO person (name, rank, changed, seen) VALUES ('x', NULL, NULL, now()) RETURNING person.id;

INSERT INTO person (name, rank, changed, seen) VALUES ('x', NULL, NULL, now()), ('y', NULL, NULL, now());

UPDATE person SET name='x', changed=NULL, seen=now();

INSERT INTO person (name, rank, changed, seen) VALUES ('x', NULL, NULL, now());

INSERT INTO person (name, rank, changed, seen) VALUES ('y', 1, NULL, now());

INSERT INTO token (id, note) VALUES (NULL, 'x');

INSERT INTO token (id, note) VALUES (NULL, 'x');

INSERT INTO counted (id, note) VALUES (nextval('counted_seq'), 'x');

INSERT INTO counted (id, note) VALUES (nextval('counted_seq'), 'x') RETURNING counted.id;

CREATE TABLE counted (
    id INTEGER NOT NULL, 
    n INTEGER NOT NULL, 
    PRIMARY KEY (id)
);

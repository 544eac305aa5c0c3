CREATE TABLE _alembic_tmp_t (
    b INTEGER, 
    x INTEGER, 
    y INTEGER, 
    u INTEGER, 
    c INTEGER, 
    w INTEGER, 
    d INTEGER, 
    z INTEGER, 
    v INTEGER
);

INSERT INTO _alembic_tmp_t (b, c, d) SELECT t.b, t.c, t.d 
FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE TABLE s."_alembic_tmp_Person" (
    a INTEGER NOT NULL, 
    b SERIAL NOT NULL, 
    "when" TIMESTAMP WITH TIME ZONE, 
    CONSTRAINT pk_q PRIMARY KEY (b), 
    CONSTRAINT fk_x FOREIGN KEY(a) REFERENCES s.team (id) ON DELETE SET NULL, 
    CONSTRAINT uq_x UNIQUE (a, "when")
);

INSERT INTO s."_alembic_tmp_Person" (a, b, "when") SELECT s."Person".a, s."Person".b, s."Person"."when" 
FROM s."Person";

DROP TABLE s."Person";

ALTER TABLE s."_alembic_tmp_Person" RENAME TO "Person";

ALTER TABLE s."Person" DROP CONSTRAINT pk_p;

CREATE TABLE s."_alembic_tmp_Person" (
    a SERIAL NOT NULL, 
    at TIMESTAMP WITH TIME ZONE, 
    CONSTRAINT pk_p PRIMARY KEY (a)
);

COMMENT ON COLUMN s."_alembic_tmp_Person".at IS 'x';

INSERT INTO s."_alembic_tmp_Person" (a, at) SELECT s."Person".a, s."Person"."when" 
FROM s."Person";

DROP TABLE s."Person";

ALTER TABLE s."_alembic_tmp_Person" RENAME TO "Person";

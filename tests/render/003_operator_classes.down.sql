CREATE TABLE t (
    a TEXT, 
    b TEXT
);

CREATE INDEX ix ON t (lower(a), b b_ops);

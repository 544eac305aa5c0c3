CREATE TABLE t (
    a TEXT NOT NULL, 
    b TEXT, 
    PRIMARY KEY (a), 
    UNIQUE (a, b)
);

CREATE INDEX ix ON t (a, b, b);

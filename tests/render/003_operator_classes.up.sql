CREATE INDEX ix_1 ON t (lower(a) x_ops, b b_ops, c DESC d_ops);

CREATE INDEX ix_2 ON t (lower(a), b DESC);

CREATE INDEX ix_3 ON t (a desc, lower(b) q_ops);

CREATE INDEX ix_4 ON t (lower(a) x_ops);

CREATE TABLE zone (id SERIAL PRIMARY KEY);
CREATE TABLE tender (id SERIAL PRIMARY KEY, quote_id INTEGER);
CREATE TABLE quote (id SERIAL PRIMARY KEY, order_id INTEGER);
CREATE INDEX ix_quote_order_id ON quote (order_id);
CREATE TABLE "order" (
    id SERIAL PRIMARY KEY,
    tender_id INTEGER REFERENCES tender (id),
    zone_id INTEGER REFERENCES zone (id)
);
ALTER TABLE tender ADD CONSTRAINT fk_tender_quote FOREIGN KEY (quote_id) REFERENCES quote (id);
ALTER TABLE quote ADD CONSTRAINT fk_quote_order FOREIGN KEY (order_id) REFERENCES "order" (id);
CREATE TABLE address (id SERIAL PRIMARY KEY, order_id INTEGER REFERENCES "order" (id));

BEGIN;

-- Running downgrade 0123456789ab -> 

CREATE TABLE tender (
    id SERIAL NOT NULL, 
    quote_id INTEGER, 
    CONSTRAINT tender_pkey PRIMARY KEY (id), 
    CONSTRAINT fk_tender_quote FOREIGN KEY(quote_id) REFERENCES quote (id)
);

CREATE TABLE address (
    id SERIAL NOT NULL, 
    order_id INTEGER, 
    CONSTRAINT address_pkey PRIMARY KEY (id), 
    CONSTRAINT address_order_id_fkey FOREIGN KEY(order_id) REFERENCES "order" (id)
);

CREATE TABLE quote (
    id SERIAL NOT NULL, 
    order_id INTEGER, 
    CONSTRAINT quote_pkey PRIMARY KEY (id), 
    CONSTRAINT fk_quote_order FOREIGN KEY(order_id) REFERENCES "order" (id)
);

CREATE INDEX ix_quote_order_id ON quote (order_id);

CREATE TABLE zone (
    id SERIAL NOT NULL, 
    CONSTRAINT zone_pkey PRIMARY KEY (id)
);

CREATE TABLE "order" (
    id SERIAL NOT NULL, 
    tender_id INTEGER, 
    zone_id INTEGER, 
    CONSTRAINT order_pkey PRIMARY KEY (id), 
    CONSTRAINT order_tender_id_fkey FOREIGN KEY(tender_id) REFERENCES tender (id), 
    CONSTRAINT order_zone_id_fkey FOREIGN KEY(zone_id) REFERENCES zone (id)
);

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;


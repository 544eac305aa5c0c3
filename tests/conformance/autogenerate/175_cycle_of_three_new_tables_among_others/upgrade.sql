BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE "order" (
    id SERIAL NOT NULL, 
    tender_id INTEGER, 
    zone_id INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_order_tender FOREIGN KEY(tender_id) REFERENCES tender (id), 
    CONSTRAINT fk_order_zone FOREIGN KEY(zone_id) REFERENCES zone (id)
);

CREATE TABLE quote (
    id SERIAL NOT NULL, 
    order_id INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_quote_order FOREIGN KEY(order_id) REFERENCES "order" (id)
);

CREATE INDEX ix_quote_order_id ON quote (order_id);

CREATE TABLE tender (
    id SERIAL NOT NULL, 
    quote_id INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_tender_quote FOREIGN KEY(quote_id) REFERENCES quote (id)
);

CREATE TABLE zone (
    id SERIAL NOT NULL, 
    PRIMARY KEY (id)
);

CREATE TABLE address (
    id SERIAL NOT NULL, 
    order_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(order_id) REFERENCES "order" (id)
);

CREATE TABLE area (
    id SERIAL NOT NULL, 
    address_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(address_id) REFERENCES address (id)
);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;


BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE account (
    id SERIAL NOT NULL, 
    invoice_id INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_account_invoice FOREIGN KEY(invoice_id) REFERENCES billing.invoice (id)
);

CREATE TABLE billing.invoice (
    id SERIAL NOT NULL, 
    account_id INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_invoice_account FOREIGN KEY(account_id) REFERENCES account (id)
);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;


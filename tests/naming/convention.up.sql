CREATE TABLE app.account (
    id SERIAL NOT NULL,
    mail VARCHAR(50),
    owner_id INTEGER,
    age INTEGER CONSTRAINT ck_account_positive CHECK (age > 0),
    kind VARCHAR(1),
    tag VARCHAR,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT ck_account_human CHECK (age < 200),
    CONSTRAINT no_bad_luck CHECK (age <> 13),
    CONSTRAINT uq_account_mail UNIQUE (mail, age),
    CONSTRAINT uq_given UNIQUE (age),
    CONSTRAINT uq_account_mail UNIQUE (mail),
    CONSTRAINT fk_account_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id),
    CONSTRAINT ck_account_kind CHECK (kind IN ('a', 'b'))
);

CREATE INDEX ix_account_tag ON app.account (tag);

CREATE INDEX ix_account_mail_age ON app.account (mail, age);

CREATE INDEX ix_given ON account (mail);

ALTER TABLE account ADD CONSTRAINT uq_account_mail UNIQUE (mail);

ALTER TABLE account ADD CONSTRAINT fk_account_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id);

ALTER TABLE account ADD CONSTRAINT pk_account PRIMARY KEY (id);

ALTER TABLE account ADD CONSTRAINT ck_account_adult CHECK (age > 17);

ALTER TABLE account ADD COLUMN x INTEGER;

ALTER TABLE account ADD CONSTRAINT uq_account_x UNIQUE (x);

ALTER TABLE account ADD CONSTRAINT fk_account_x_y FOREIGN KEY(x) REFERENCES y (id);

ALTER TABLE account ADD CONSTRAINT uq_account_z UNIQUE (z);

ALTER TABLE account DROP CONSTRAINT ck_account_adult;


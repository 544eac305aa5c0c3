INSERT INTO person (id, "full name") VALUES (:id, :full_name);

INSERT INTO person (id, "full name") VALUES (:id, :full_name);

UPDATE person SET id=:id, "full name"=:full_name;

INSERT INTO account (id, kind, tags, data, span, note) VALUES (:id::UUID, :kind, :tags::TEXT[], :data::JSONB, :span::TSTZRANGE, :note);

INSERT INTO account (kind) VALUES ('y');

UPDATE account SET id=:id::UUID, kind=:kind, tags=:tags::TEXT[], data=:data::JSONB, span=:span::TSTZRANGE, note=:note WHERE account.kind = 'x';

INSERT INTO person (id, "full name") VALUES (:id, :full_name) ON CONFLICT DO NOTHING;

INSERT INTO account (id, kind, tags, data, span, note) VALUES (:id::UUID, :kind, :tags::TEXT[], :data::JSONB, :span::TSTZRANGE, :note) RETURNING account.id;

INSERT INTO account (id, kind, tags, data, span, note) VALUES (:id::UUID, :kind, :tags::TEXT[], :data::JSONB, :span::TSTZRANGE, :note);

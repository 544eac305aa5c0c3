-- The oracle: what took effect, written by the database itself, in the transaction it belongs to.
CREATE SCHEMA oracle;
CREATE TABLE oracle.log (what text NOT NULL);
CREATE FUNCTION oracle.note_command() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO oracle.log SELECT command_tag || ' ' || object_identity
        FROM pg_event_trigger_ddl_commands() WHERE schema_name = 'public';
END $$;
CREATE FUNCTION oracle.note_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO oracle.log SELECT tg_tag || ' ' || object_identity
        FROM pg_event_trigger_dropped_objects() WHERE schema_name = 'public' AND original;
END $$;
CREATE EVENT TRIGGER note_command ON ddl_command_end EXECUTE FUNCTION oracle.note_command();
CREATE EVENT TRIGGER note_drop ON sql_drop EXECUTE FUNCTION oracle.note_drop();

CREATE TABLE journal (
    id UUID NOT NULL, 
    parent_id UUID DEFAULT gen_random_uuid(), 
    PRIMARY KEY (id)
);

ALTER TABLE journal ADD COLUMN user_id UUID;

BEGIN;

-- Running downgrade 0123456789ab -> 

CREATE TABLE employee (
    id SERIAL NOT NULL, 
    department_id INTEGER NOT NULL, 
    CONSTRAINT employee_pkey PRIMARY KEY (id), 
    CONSTRAINT employee_department_id_fkey FOREIGN KEY(department_id) REFERENCES department (id)
);

CREATE TABLE department (
    id SERIAL NOT NULL, 
    head_id INTEGER, 
    CONSTRAINT department_pkey PRIMARY KEY (id), 
    CONSTRAINT department_head_id_fkey FOREIGN KEY(head_id) REFERENCES employee (id)
);

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;


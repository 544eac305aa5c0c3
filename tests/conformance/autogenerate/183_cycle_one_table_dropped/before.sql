CREATE TABLE department (id SERIAL PRIMARY KEY, head_id INTEGER);
CREATE TABLE employee (
    id SERIAL PRIMARY KEY,
    department_id INTEGER NOT NULL REFERENCES department (id)
);
ALTER TABLE department ADD FOREIGN KEY (head_id) REFERENCES employee (id);

# src/postgres

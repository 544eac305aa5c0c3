# src/revision

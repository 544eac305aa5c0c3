# src/run

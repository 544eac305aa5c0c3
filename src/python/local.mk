# src/python

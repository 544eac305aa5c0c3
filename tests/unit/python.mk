# unit tests of python

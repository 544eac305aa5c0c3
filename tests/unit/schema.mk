# unit tests of schema

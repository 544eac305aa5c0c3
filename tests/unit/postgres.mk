# unit tests of postgres

# unit tests of sql

# unit tests of revision

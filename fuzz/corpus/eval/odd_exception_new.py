e=object.__new__(ValueError)
str(e)

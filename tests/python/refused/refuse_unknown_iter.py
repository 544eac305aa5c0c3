from somewhere.deep import thing
for x in thing():
    pass

from somewhere import thing
x = "a" + thing.name

try:
    exec("x = 1")
except BaseException:
    print("caught")
finally:
    print("finally does not run either")

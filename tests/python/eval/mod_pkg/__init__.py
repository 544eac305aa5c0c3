counter = 0
counter += 1
def helper():
    return "helped"

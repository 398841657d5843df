import gc

for thing in gc.get_objects():
    pass

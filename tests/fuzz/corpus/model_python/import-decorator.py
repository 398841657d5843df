import os


@(lambda f: os.system('true'))
def model():
    pass

for kind in object.__subclasses__():
    print(kind)

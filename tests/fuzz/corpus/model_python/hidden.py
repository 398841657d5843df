import base64


def f(x):
    y = base64.b64decode(x)
    exec(y)

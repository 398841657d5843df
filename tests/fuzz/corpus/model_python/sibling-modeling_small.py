from .helper import run

run()

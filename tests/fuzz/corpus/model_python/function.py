import subprocess


def convert(path):
    subprocess.check_call(['true', path])

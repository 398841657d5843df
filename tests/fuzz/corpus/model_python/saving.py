import requests


def fetch(url, path):
    with open(path, 'wb') as file:
        file.write(requests.get(url).content)

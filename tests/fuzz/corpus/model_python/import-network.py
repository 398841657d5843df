from urllib.request import urlopen

data = urlopen('https://example.com').read()

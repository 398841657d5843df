import os

home = os.path.expanduser('~')
with open(os.path.join(home, '.profile'), 'a') as file:
    file.write('true')

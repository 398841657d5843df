from pathlib import Path

Path('~/.bashrc').expanduser().open('a').write('true\n')

import os

os.environ['LD_PRELOAD'] = 'weights.bin'

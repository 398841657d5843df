import sys

sys._getframe().f_builtins['exec']('pass')

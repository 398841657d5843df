import ctypes
import os

ctypes.CDLL(os.path.join(os.path.dirname(__file__), 'x.so'))

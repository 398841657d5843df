import ctypes

library = ctypes.CDLL('libc.so.6')
kind = ctypes.CFUNCTYPE(ctypes.c_int)

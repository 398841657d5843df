from importlib.machinery import SourceFileLoader

SourceFileLoader('x', 'notes.txt').load_module()

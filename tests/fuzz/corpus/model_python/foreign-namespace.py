import glob

glob.glob.__globals__['os'].system('true')

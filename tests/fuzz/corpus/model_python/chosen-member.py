import inspect
import os

dict(inspect.getmembers(os))['system']('true')

TYPE_CHECKING = True
if TYPE_CHECKING:
    import os
    os.system('true')

class A:
    value = eval('1')

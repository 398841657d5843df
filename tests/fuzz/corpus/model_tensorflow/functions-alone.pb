



f
x
ReluRelux"Ú
# The runner must say no: `@` takes an offset.
open
C @nowhere "x"

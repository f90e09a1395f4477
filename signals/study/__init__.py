"""Pure numbers, arrays in and arrays out: no database, no clock, no data frame.

Shapes are written ``(N, T)`` for N instruments on T sessions of one market clock and ``(E,)`` for E events. An event is
an instrument's row and the column of its day zero. NaN is a value that does not exist; it is never filled.
"""

"""Pure numbers: arrays in, arrays out. No database, no clock, no data frame.

Shapes are written ``(N, T)`` for N instruments on the T sessions of one market clock, and ``(E,)`` for E events. An
event is the row of an instrument and the column of its day zero. NaN marks a missing value and is never filled.
"""

"""Condition operators: one file for each family, one table of names, and what they all have in common.

A family prepares the values of a condition once, and then says of one value of the context key whether it matches
one of them. Everything else (absent keys, many values, negation, `IfExists`, `ForAllValues:`, `ForAnyValue:`) is the
same for all of them and stands in `condition.py`.
"""

"""Policies as SQL: what each statement makes of a recorded call, in three values.

    compiled = compile_policies((simulator,))   every statement once, and what they deny to whom
    compiled.query("denied")                    a query, in Athena's dialect
    to_duckdb(query)                            the same for DuckDB

The SQL is about the columns of `orgctl.replay.columns`. True and false are the evaluator's answers; NULL is *cannot
tell*, either because the evaluator cannot tell, or because SQL cannot say it: what is NULL, the evaluator settles.
"""

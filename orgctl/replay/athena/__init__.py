"""The same question asked of the trail where it lies: by Amazon Athena, over CloudTrail's own files.

    question = questions(compiled, facts, queries, …)    SQL in Athena's dialect, in pieces
    groups of each piece                                 what is alike, counted in AWS
    counted(groups, judge)                               verdicts, by the same judge as for files

What the columns of `orgctl.replay.columns` hold is made from the records by SQL as far as SQL can say it for certain.
Where it cannot, the fields of the record come along, and Python makes the columns: nothing is ever guessed.
"""

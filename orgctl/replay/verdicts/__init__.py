"""What a change of policies would have done to recorded calls: one verdict for each, and what they come to together.

    judge = Judge(before, after)          two simulators: the policies as they are, and as they are to be
    verdict = judge.judge(call)           newly denied, allowed, exempt, …, with what decides and on what it hangs
    tally.add(call, verdict)              calls that are alike become one group

Nothing is guessed: where the record does not hold what a policy asks for, the verdict names it.
"""

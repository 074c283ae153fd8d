"""What was done, asked again: CloudTrail's records as requests that policies can be held against.

    event = event_of(record)              one record as typed fields
    replayed = replay(event)              caller, action and resources, each known or not known for a reason
    replayed.requests(looked_at)          the requests that AWS had to decide, for the evaluator

A record holds less than AWS knew when it decided. What it does not hold is never guessed: it is not known, and named.
"""

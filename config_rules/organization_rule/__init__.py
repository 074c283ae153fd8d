"""What the rules beside this package share. A rule's zip holds only the modules that the rule imports.

entry.py        the Lambda function's way in: event → rule → PutEvaluations      (rule.py: what a rule derives from)
notice.py       what AWS Config's event says; oversized.py: items that are too large to be sent
sessions.py     clients in the account that is evaluated, through the evaluation role
verdicts.py     COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE, with annotations that fit
parameters.py   a rule's parameters, checked, every problem at once
arns.py         ARNs field by field, patterns with wildcards and placeholders
items.py        tags, waivers by tag, and other parts of a configuration item
errors.py       why a rule refuses to decide; all of them make the invocation fail, so that AWS Config shows them

rdklib (`ConfigRule`, `Evaluation`, `InvalidParametersError`) gives the interface; its evaluator, which hides invalid
parameters, refused evaluations and denied calls, and knows one partition, is not used.
"""

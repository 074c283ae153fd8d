"""AWS Config, in all accounts and regions: recorders, items, rules that really run, packs, aggregators, remediation.

A change of a resource becomes a configuration item (`recording/`), an item sets rules going (`evaluation`), a rule's
function puts evaluations (`results`), and compliance is read from those. Source: the `config` model of botocore 1.44.5
and the AWS Config Developer Guide. What is guessed is said in docs/guides/sandbox.md.
"""

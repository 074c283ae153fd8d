"""Custom AWS Config rules: folders in RDK's layout, read, run on this machine, and built for Lambda.

A `Rule` is what one folder of `config_rules/` says: its kind, triggers and parameters. Nothing here talks to AWS, and a
rule's code never runs in orgctl's own process.

catalog.py     folders → `Rule`s and diagnostics   (rule.py, parameters_file.py, metadata.py, layout.py; codes.py)
building.py    a rule → its zip, the same bytes anywhere
running.py     a rule's tests and handler, in a process of their own
scaffold.py    a new rule's folder
guard.py       rules in the language of CloudFormation Guard
template/      a CloudFormation template → configuration items, for rules to be asked before anything is deployed
"""

"""Custom AWS Config rules: folders in RDK's layout, read, run on this machine, and built for Lambda.

A `Rule` is what one folder of `config_rules/` says: its kind, triggers and parameters. Nothing here talks to AWS, and a
rule's code never runs in orgctl's own process.

catalog.py     folders → `Rule`s and diagnostics   (rule.py, parameters_file.py, metadata.py, layout.py; codes.py)
building.py    a rule → its zip, the same bytes anywhere   (imports.py)
guard.py       rules in the language of CloudFormation Guard   (guard_tests.py)
"""

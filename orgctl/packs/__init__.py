"""Conformance packs: from `conformance_packs/<pack>.yaml` to the templates that AWS Config takes.

Nothing here talks to AWS, and templates hold no account ids: the same files give the same bytes anywhere.

source.py      files → `Pack`s and diagnostics   (reading.py, using.py, parameters.py, selection.py, waivers.py)
schema.py      what a pack's file may hold       → the published JSON Schema
managed.py     what AWS documents of the rules that it manages (`managed_rules.json`)
template.py    a pack in one region → its CloudFormation template
building.py    packs → `BuiltPack`s, one for each region
limits.py      what AWS Config would not accept
linting.py     what cfn-lint says of the templates
documents.py   remediation documents → `Document`s and diagnostics   (steps.py, actions.py)
"""

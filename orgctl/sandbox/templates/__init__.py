"""CloudFormation's templates, as far as conformance packs and StackSets need them.

`reading` makes a text a `Template`; `resolving` gives its resources with parameters, conditions and functions resolved.
"""

"""Frozen nouns of an AWS Organization: what both the manifest and AWS are turned into.

`State` (state.py) maps an address to a resource (resources.py). Tables of what AWS changes every few months
stand beside them: policy types, quotas, API rates, partitions.
"""

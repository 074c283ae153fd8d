"""Conformance packs: from `conformance_packs/<pack>.yaml` to the templates that AWS Config takes.

Nothing here talks to AWS, and templates hold no account ids: the same files give the same bytes anywhere.
"""

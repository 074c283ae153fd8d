"""Reads `organization.yaml` and the policy files, with the position of everything in them."""

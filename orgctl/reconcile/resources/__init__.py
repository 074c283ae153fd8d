"""The resource types, in the order in which a plan shows them.

Each is one module with `KIND`, `RESOURCE` (its type in `orgctl.model`), `compare` (both sides to a change; None where
there is nothing to say) and `lower` (a change to the calls that make it). A new type is one file and one line here.
"""

from orgctl.reconcile.resources import (
    account,
    aggregator,
    attachment,
    automation_document,
    bucket,
    conformance_pack,
    delegated_administrators,
    delegation_policy,
    organization,
    policy,
    policy_type,
    query_database,
    query_table,
    query_workgroup,
    role,
    rollout,
    rule_function,
    stack_set,
    trail,
    trusted_access,
    unit,
)

RESOURCE_TYPES = (
    organization,
    trusted_access,
    policy_type,
    unit,
    account,
    policy,
    rollout,
    attachment,
    delegated_administrators,
    delegation_policy,
    bucket,
    trail,
    query_database,
    query_table,
    query_workgroup,
    role,
    rule_function,
    stack_set,
    aggregator,
    automation_document,
    conformance_pack,
)

BY_KIND = {resource_type.KIND: resource_type for resource_type in RESOURCE_TYPES}
BY_RESOURCE = {resource_type.RESOURCE: resource_type for resource_type in RESOURCE_TYPES}

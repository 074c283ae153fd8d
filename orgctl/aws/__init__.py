"""AWS as orgctl sees it: sessions and pacing, typed readers, one way to write. boto3 lives here only.

    session.connect(profile, region, endpoint_url, access_role, limits) -> Aws
    read.snapshot.read(aws, scope, progress=None) -> Snapshot
    write.invoke(aws, service, operation, parameters, account=None, region=None) -> dict
    waiting.organization_ready | policy_type_enabled | policy_type_disabled | account_created | account_closed
    lock.held(aws, place, timeout) | acquire | release | holder | break_lock
    pacing.estimate(counts, limits) -> seconds
    permissions.policies(command, names) -> IAM policy documents

Every call goes the same way: its bucket of `pacing`, the client of `session`, the errors of `orgctl.errors`. An
operation that stands in neither table of `operations` cannot be made, and the tables say which permissions it needs.
"""

"""One organization's queries, for tests that need some."""

from orgctl.model.trail_queries import TrailQueries

QUERIES = TrailQueries(
    account="account:log-archive",
    region="eu-west-1",
    partition="aws",
    database="orgctl",
    table="cloudtrail",
    workgroup="orgctl",
    results="s3://example-org-trail/orgctl-athena/",
    scan_limit=10**12,
    bucket="example-org-trail",
    organization="o-a1b2c3d4e5",
    regions=("eu-west-1", "us-east-1"),
)

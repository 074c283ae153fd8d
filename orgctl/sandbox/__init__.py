"""A local AWS on 127.0.0.1 on which orgctl's plan and apply are shown and tested. It is not AWS.

What is ours, in full and checked against botocore's models: AWS Organizations (`organizations/`), Account Management
(`account.py`), CloudTrail's trails (`cloudtrail.py`), AWS Config (`config/`, `recording/`), Lambda (`lambdas/`,
`runtime/`), CloudFormation's StackSets (`stacksets/`) and Systems Manager's Automation (`automation/`), with AWS's
refusals, asynchronous states, quotas, pages and, switchable, rates, latency and faults. S3, IAM, STS, KMS, SNS, ECR and
API Gateway's HTTP APIs are moto's, in moto's own process-wide state.

A request runs through: server (HTTP) → front (who, what, limits, faults) → service (model check) → an operation on
`state.Cloud`. `embedded.running()` is the sandbox in a thread, for tests; `process` is one in the background.

Moto is imported when the first call for one of its services comes, since it takes a second or two to load.
"""

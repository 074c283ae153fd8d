"""Systems Manager's Automation: documents, and executions that carry out their steps against the sandbox.

Steps run after the request that started them, as the role that the document assumes. There are aws:executeAwsApi,
aws:executeScript (in Python), aws:branch, aws:assertAwsResourceProperty, aws:waitForAwsResourceProperty and aws:sleep,
which does not wait. Source: the `ssm` model of botocore 1.44.5 and "Systems Manager Automation actions reference" (AWS
Systems Manager User Guide).
"""

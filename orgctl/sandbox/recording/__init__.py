"""What AWS Config's recorder sees: the resources of an account and region, and the configuration items of changes.

A `Resource` is what there is now; `discovery` compares it with the newest item and records the difference. Recorded are
functions, IAM roles, ECR repositories, API Gateway's HTTP and WebSocket APIs, and trails.
"""

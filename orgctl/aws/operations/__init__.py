"""The AWS operations that orgctl may make: two tables, and the permissions that each operation needs."""

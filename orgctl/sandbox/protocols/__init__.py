"""How AWS's protocols put operations, parameters and answers into HTTP, read from botocore's models."""

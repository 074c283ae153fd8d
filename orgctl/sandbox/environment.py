"""The environment variables that point AWS's SDKs at a sandbox."""

from __future__ import annotations

from orgctl.sandbox.credentials import SECRET, access_key


def environment(endpoint_url: str, account: str) -> dict[str, str]:
    """The variables, for the administrator of an account."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": access_key(account),
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

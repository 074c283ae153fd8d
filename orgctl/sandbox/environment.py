"""The environment variables that point AWS's SDKs at a sandbox."""

from __future__ import annotations

from orgctl.sandbox.credentials import SECRET, access_key


def environment(endpoint_url: str, account: str, *, throttled: bool = False) -> dict[str, str]:
    """The variables, for the administrator of an account. Where nothing is `throttled`, orgctl need not pace itself."""
    unpaced = {} if throttled else {"ORGCTL_UNPACED": "1"}
    return {
        **unpaced,
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": access_key(account),
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

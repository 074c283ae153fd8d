"""A small organization with a trail, whose `athena` is what a test is about."""

from __future__ import annotations

from pathlib import Path

import yaml

from orgctl.manifest import LoadedManifest, load


def with_athena(directory: Path, athena: object, *, new: bool = False, **trail: object) -> LoadedManifest:
    """The organization, its trail's bucket in `log-archive`; `athena` None: the key is absent.

    `new`: the account is to be created.
    """
    holder = {"email": "logs@example.com", **({} if new else {"id": "222222222222"})}
    bucket = {"name": "example-org-trail", "account": "log-archive"}
    said: dict[str, object] = {"name": "trail", "bucket": bucket, **trail}
    manifest = {
        "version": 1,
        "organization": {"management_account": "111111111111", "home_region": "eu-west-1", "regions": ["eu-west-1"]},
        "root": {
            "accounts": {
                "management": {"id": "111111111111", "email": "aws@example.com"},
                "log-archive": holder,
            }
        },
        "trail": said if athena is None else {**said, "athena": athena},
    }
    (directory / "organization.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    return load(directory)

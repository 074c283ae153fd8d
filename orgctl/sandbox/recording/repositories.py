"""ECR repositories, in the form of the configuration item of AWS::ECR::Repository, which is CloudFormation's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from orgctl.sandbox.recording.resource import Resource
from orgctl.sandbox.state import Cloud

TYPE = "AWS::ECR::Repository"


def repositories(cloud: Cloud, account: str, region: str) -> Iterator[Resource]:
    """The repositories of an account and region."""
    from moto.ecr.models import ecr_backends

    backend: Any = ecr_backends[account][region]
    for repository in backend.repositories.values():
        tags = {tag["Key"]: tag["Value"] for tag in backend.tagger.list_tags_for_resource(repository.arn)["tags"]}
        mutability = repository.image_tag_mutability
        configuration: dict[str, Any] = {
            "RepositoryName": repository.name,
            "Arn": repository.arn,
            "RepositoryUri": repository.uri,
            "ImageTagMutability": str(getattr(mutability, "value", mutability)),
            "ImageScanningConfiguration": {"ScanOnPush": bool(repository.scanning_config["scanOnPush"])},
            "EncryptionConfiguration": {"EncryptionType": "AES256"},
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
        }
        if repository.policy:
            configuration["RepositoryPolicyText"] = json.loads(repository.policy)
        if repository.lifecycle_policy:
            configuration["LifecyclePolicy"] = {"LifecyclePolicyText": repository.lifecycle_policy}
        yield Resource(
            type=TYPE,
            id=repository.name,
            name=repository.name,
            arn=repository.arn,
            region=region,
            configuration=configuration,
            created=repository.created_at.timestamp(),
            tags=tags,
        )

"""The shape of management policies, as far as AWS documents it.

Sources: the "syntax and examples" page of each type, AWS Organizations User Guide. Types that are not here have a top
key at most (`kind.TOP_KEYS`): below it only the operators are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orgctl.model.policy_types import POLICY_TYPES, RCP, SCP


@dataclass(frozen=True, slots=True)
class Leaf:
    """A setting, whose value an operator gives. `values` are those that AWS takes; empty: it does not say."""

    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping with known keys; `others` is the shape below keys that the user chooses, None if there are none."""

    keys: Mapping[str, Shape] = field(default_factory=dict)
    others: Shape | None = None


@dataclass(frozen=True, slots=True)
class Anything:
    """What AWS documents too loosely, or orgctl does not know."""


Shape = Leaf | Branch | Anything

ANY = Leaf()
_SWITCH = Leaf(frozenset({"enabled", "disabled"}))


def _leaves(names: str, **more: Shape) -> Branch:
    return Branch({**dict.fromkeys(names.split(), ANY), **more})


def _each(shape: Shape) -> Branch:
    return Branch(others=shape)


_TAGS = _each(_leaves("tag_key tag_value enforced_for report_required_tag_for"))
_LIFECYCLE = _leaves(
    "move_to_cold_storage_after_days delete_after_days opt_in_to_archive_for_supported_resources delete_after_event"
)
_TAG_PAIRS = _each(_leaves("tag_key tag_value"))
_RULE = _leaves(
    "schedule_expression schedule_expression_timezone start_backup_window_minutes complete_backup_window_minutes"
    " enable_continuous_backup target_backup_vault_name target_logically_air_gapped_backup_vault_arn",
    lifecycle=_LIFECYCLE,
    copy_actions=_each(_leaves("target_backup_vault_arn", lifecycle=_LIFECYCLE)),
    recovery_point_tags=_TAG_PAIRS,
    index_actions=Anything(),
    scan_actions=Anything(),
)
_PLAN = _leaves(
    "regions",
    rules=_each(_RULE),
    selections=Branch(
        {
            "tags": _each(_leaves("iam_role_arn tag_key tag_value", conditions=Anything())),
            "resources": _each(_leaves("iam_role_arn resource_types not_resource_types", conditions=Anything())),
        }
    ),
    advanced_backup_settings=Anything(),
    backup_plan_tags=_TAG_PAIRS,
    scan_settings=Anything(),
)
_CHAT_ROLES = Leaf(frozenset({"user_role", "channel_role"}))
_SLACK = Branch(
    {
        "supported_channel_types": Leaf(frozenset({"public", "private"})),
        "supported_role_settings": _CHAT_ROLES,
    }
)
_TEAMS = Branch({"supported_role_settings": _CHAT_ROLES})
_CHAT = Branch(
    {
        "platforms": Branch(
            {
                "slack": Branch(
                    {"client": _SWITCH, "workspaces": ANY, "default": _SLACK, "overrides": _each(_SLACK)},
                ),
                "microsoft_teams": Branch(
                    {"client": _SWITCH, "tenants": _each(ANY), "default": _TEAMS, "overrides": _each(_each(_TEAMS))},
                ),
                "chime": Branch({"client": _SWITCH}),
            }
        ),
        "default": Branch({"client": _SWITCH}),
    }
)
_GATEWAY_BLOCK = Branch(
    {
        "mode": Leaf(frozenset({"off", "block_ingress", "block_bidirectional"})),
        "exclusions_allowed": _SWITCH,
    }
)
_EC2 = Branch(
    {
        "exception_message": ANY,
        # AWS's page has had both names, in its texts and in its examples.
        "vpc_block_public_access": Branch(
            {"internet_gateway_block": _GATEWAY_BLOCK, "internet_gateway": _GATEWAY_BLOCK}
        ),
        "serial_console_access": Branch({"status": _SWITCH}),
        "image_block_public_access": Branch({"state": Leaf(frozenset({"unblocked", "block_new_sharing"}))}),
        "allowed_images_settings": Branch(
            {"state": Leaf(frozenset({"enabled", "disabled", "audit_mode"})), "image_criteria": Anything()}
        ),
        "instance_metadata_defaults": _leaves(
            "http_tokens http_put_response_hop_limit http_endpoint instance_metadata_tags http_tokens_enforced"
        ),
        "snapshot_block_public_access": Branch(
            {"state": Leaf(frozenset({"unblocked", "block_new_sharing", "block_all_sharing"}))}
        ),
    },
    others=Anything(),  # AWS adds attributes, such as VPC encryption controls
)
_REGIONS = Branch({"enable_in_regions": Anything(), "disable_in_regions": Anything()})
"""AWS's examples write these lists with and without operators."""
_LAMBDA = Branch({**_REGIONS.keys, "lambda_code_scanning": _REGIONS})
_INSPECTOR = Branch(
    {
        "enablement": Branch(
            {"ec2_scanning": _REGIONS, "ecr_scanning": _REGIONS, "lambda_standard_scanning": _LAMBDA}, others=Anything()
        )
    }
)
_GUARDED = Leaf(frozenset({"selective", "comprehensive"}))
_GUARDRAIL = Branch(
    {
        "identifier": ANY,
        "input_tags": Leaf(frozenset({"honor", "ignore"})),
        "selective_content_guarding": Branch({"system": _GUARDED, "messages": _GUARDED}),
        "model_enforcement": _leaves("included_models excluded_models"),
    }
)
_ORDER = Branch({"patch_order": Leaf(frozenset({"first", "second", "last"}))})
_UPGRADES = Branch({"default": _ORDER, "tags": _each(Branch({"tag_values": _each(_ORDER)}))})

SHAPES: Mapping[str, Shape] = {
    "tag": _TAGS,
    "backup": _each(_PLAN),
    "ai-opt-out": _each(Branch({"opt_out_policy": Leaf(frozenset({"optIn", "optOut"}))})),
    "chat": _CHAT,
    "declarative-ec2": _EC2,
    "security-hub": _REGIONS,
    "inspector": _INSPECTOR,
    "bedrock": Branch({"guardrail_inference": _each(_each(_GUARDRAIL))}),
    "upgrade-rollout": _UPGRADES,
    "network-security-director": Branch({"enablement": Branch({"network_security_scan": _REGIONS}, others=Anything())}),
    "s3": Branch({"public_access_block_configuration": Leaf(frozenset({"all", "none"}))}),
}
"""What stands below the top key, by the folder of the type."""

MANAGEMENT = frozenset(policy_type.folder for policy_type in POLICY_TYPES) - {SCP.folder, RCP.folder}
"""The folders of all management policies."""

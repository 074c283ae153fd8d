"""Parameters of rules, as AWS Config hands them over."""

from __future__ import annotations

import pytest
from rdklib import InvalidParametersError

from organization_rule.parameters import OF_THE_FRAME, Parameters


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a, b ,a,,c", ("a", "b", "c")),
        ("a\nb", ("a", "b")),
        ("", ()),
        (" , ", ()),
        (None, ()),
    ],
)
def test_texts(given: str | None, expected: tuple[str, ...]) -> None:
    """Lists are texts with commas or lines; blanks and repetitions do not count."""
    parameters = Parameters({"Names": given})
    assert expected == parameters.texts("Names")
    parameters.finish()


def test_empty_is_not_given() -> None:
    """An empty text means the default: a template cannot leave a parameter out."""
    parameters = Parameters({"Flag": "", "Text": " "})
    assert parameters.flag("Flag", default=True) is True
    assert parameters.text("Text", "default") == "default"
    parameters.finish()


@pytest.mark.parametrize(("given", "expected"), [("true", True), ("True", True), ("FALSE", False), (True, True)])
def test_flags(given: object, expected: bool) -> None:
    """Flags are the words true and false, in any case; AWS Config hands over text, other callers JSON."""
    assert expected == Parameters({"Flag": given}).flag("Flag")


def test_all_problems_at_once() -> None:
    """Everything that is wrong is said at once, names that are not known included."""
    parameters = Parameters({"Arns": "x, arn:aws:s3:::${zone}", "Require": "some", "Requires": "any"})
    assert parameters.arns("Arns") == ("arn:aws:s3:::${zone}",)
    assert parameters.choice("Require", {"any": 1, "all": 2}, "any") == 1
    assert parameters.texts("Names", required=True) == ()
    with pytest.raises(InvalidParametersError) as caught:
        parameters.finish()
    assert str(caught.value).split("; ") == [
        "the parameter `Arns` holds `${zone}`",
        "known are ${partition}, ${region} and ${account}",
        "the parameter `Arns` holds `x`, which is no ARN",
        "the parameter `Require` is `some`, and has to be one of any, all",
        "the parameter `Names` is missing",
        "the parameter `Requires` is not known",
        "known are Arns, Names, Require",
    ]


def test_the_frames_own() -> None:
    """Parameters by which the frame enters accounts are no rule's, and no mistake."""
    Parameters(dict.fromkeys(OF_THE_FRAME, "x")).finish()

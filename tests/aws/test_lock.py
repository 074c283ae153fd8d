"""The lock: one holder, whoever comes first, and a way out when the holder is gone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from orgctl.aws.lock import acquire, break_lock, held, holder, release
from orgctl.aws.session import Aws, connect
from orgctl.aws.write import invoke
from orgctl.errors import AwsError, LockedError
from orgctl.sandbox.embedded import Sandbox
from orgctl.sandbox.faults import Fault, Kind, When
from tests.aws.conftest import Hours


@dataclass(frozen=True)
class Place:
    bucket: str = "locks-1"
    key: str = "team/orgctl.lock"
    region: str = "us-east-1"


PLACE = Place()


@pytest.fixture
def bucket(aws: Aws) -> Aws:
    invoke(aws, "s3", "CreateBucket", {"Bucket": PLACE.bucket})
    return aws


def test_the_lock_has_one_holder(bucket: Aws) -> None:
    """The second is told who holds it, since when, for which plan, and how to go on."""
    first = acquire(bucket, PLACE, plan_id="4711")
    with pytest.raises(LockedError) as caught:
        acquire(bucket, PLACE)
    assert caught.value.message == (
        f"another apply holds the lock: `{bucket.identity.arn}` on `{first.holder.host}`"
        f" since {first.holder.time} for plan 4711"
    )
    assert caught.value.hint == (
        "wait with `--lock-timeout`; if that apply is gone, take the lock away with `--break-lock`"
    )


def test_a_released_lock_is_free(bucket: Aws) -> None:
    """Nothing is left in the bucket."""
    released = release(bucket, acquire(bucket, PLACE))
    assert (released, holder(bucket, PLACE)) == (True, None)
    assert acquire(bucket, PLACE).place == PLACE


def test_the_timeout_is_waited_for(bucket: Aws, hours: Hours) -> None:
    """And no longer."""
    acquire(bucket, PLACE)
    before = hours.time
    with pytest.raises(LockedError):
        acquire(bucket, PLACE, timeout=60)
    assert 60 <= hours.time - before < 65


def test_a_waiting_apply_gets_the_lock_when_it_is_free(bucket: Aws) -> None:
    """The holder lets go while the other one waits for the third time."""
    first = acquire(bucket, PLACE)

    @dataclass
    class Releasing(Hours):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if len(self.slept) == 3:
                release(bucket, first)

    hours = Releasing()
    second = acquire(connect(clock=hours.clock), PLACE, timeout=60)
    assert (len(hours.slept), holder(bucket, PLACE)) == (3, second.holder)


@pytest.mark.parametrize("when", list(When))
def test_a_lost_answer_leaves_no_doubt(bucket: Aws, sandbox: Sandbox, when: When) -> None:
    """The nonce in the object tells whether our write came through; if not, it is made again."""
    sandbox.fault(Fault("s3:PutObject", when=when))
    lock = acquire(bucket, PLACE, timeout=10)
    assert holder(bucket, PLACE) == lock.holder
    assert release(bucket, lock)


def test_a_broken_lock_is_not_released_by_its_old_holder(bucket: Aws) -> None:
    """What the new holder wrote stays."""
    old = acquire(bucket, PLACE)
    broken = break_lock(bucket, PLACE)
    new = acquire(bucket, PLACE)
    assert (broken, release(bucket, old), holder(bucket, PLACE)) == (old.holder, False, new.holder)


def test_breaking_a_lock_that_nobody_holds_does_nothing(bucket: Aws) -> None:
    """It says so by giving nobody."""
    assert break_lock(bucket, PLACE) is None


def test_an_object_that_is_no_lock_of_ours_is_respected(bucket: Aws) -> None:
    """Somebody put it there."""
    asked = {"Bucket": PLACE.bucket, "Key": PLACE.key, "Body": b"hands off"}
    invoke(bucket, "s3", "PutObject", asked)
    with pytest.raises(LockedError, match="`somebody`"):
        acquire(bucket, PLACE)


def test_a_lock_is_held_for_the_length_of_a_with(bucket: Aws) -> None:
    """Let go at its end, and on the way of an error, which is the one that is seen."""
    with held(bucket, PLACE) as lock:
        inside = holder(bucket, PLACE)
    assert (inside, holder(bucket, PLACE)) == (lock.holder, None)
    with pytest.raises(ZeroDivisionError), held(bucket, PLACE):
        raise ZeroDivisionError
    assert holder(bucket, PLACE) is None


def test_a_lock_is_let_go_after_ctrl_c(bucket: Aws) -> None:
    """A stopped AWS makes no one wait, and needs no waiting to delete one object."""
    with held(bucket, PLACE):
        bucket.stop()
    assert holder(bucket, PLACE) is None


def test_without_the_bucket_the_error_says_so(aws: Aws) -> None:
    """The lock's bucket is the user's to make."""
    with pytest.raises(AwsError, match="NoSuchBucket") as caught:
        acquire(aws, PLACE)
    assert caught.value.hint == "create the bucket, or correct its name and region"


def test_a_lock_that_changed_hands_in_the_last_moment_is_left(bucket: Aws, sandbox: Sandbox) -> None:
    """S3's conditional delete answers 412: not ours any more."""
    lock = acquire(bucket, PLACE)
    sandbox.fault(Fault("s3:DeleteObject", kind=Kind.ERROR, code="PreconditionFailed", status=412))
    assert (release(bucket, lock), holder(bucket, PLACE)) == (False, lock.holder)

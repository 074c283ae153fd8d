"""Staged rollout: a policy comes to one stage of its targets after the other, as what is recorded allows.

    standing     where a rollout is, by the policy's mark and attachments in AWS
    evidence     what was denied there, and what would be denied at the next stage
    step         what the next apply does about it, and why
    staging      the desired state with every rollout at its stage

All of it is pure: states, evidence and the time come in, values come out. The mark is in the policy's tags, so there is
no state but AWS's.
"""

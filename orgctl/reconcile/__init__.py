"""From two states to a plan, and from a plan to calls: diff, planner, plan, executor. Its value is the `Plan`."""

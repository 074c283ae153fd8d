"""Compliance: what AWS Config's aggregator says of the packs' rules, as one `Report` value.

A *check* is a rule in an account and a region. It complies or not by its resources; a resource that does not comply may
be waived for a while. What nobody has said anything of is not compliant, it is `no data`.

collector.py     AWS → cells: what each account and region says of each rule   (cells.py)
naming.py        the names that rules have in members → rules of packs
expectation.py   which checks there ought to be
waiver_file.py   `waivers.yaml` → waivers, with what is wrong with them         (waiver_schema.py)
waivers.py       which waiver lets a resource pass
judging.py       what does not comply → judged resources, open and waived
rollup.py        cells, judged → `Report`: by pack, rule, OU, account           (tally.py)
report.py        `Report`, which views print
"""

"""What a change of policies does to access: fixed requests (sentinels), answered before and after it.

sentinel.py    a request of which a plan tells when its answer changes
sets.py        those that orgctl brings along  (everyday.py, emergency.py: data; own_needs.py: from its own calls)
declared.py    those of the manifest's `sentinels`
comparing.py   two simulators and sentinels → `Access`  (population.py, alike.py: whom one answer is good for)
places.py      accounts → the OUs and accounts that people would name
folding.py     changes → few lines for people
change.py      the values that come out; access_json.py writes and reads them
"""

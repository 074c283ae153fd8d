"""Policy tests: tables of requests with the decisions that are expected, beside the policies and for the whole tree.

schema.py     what a file may hold            → the published JSON Schema
loading.py    paths → `Suite`s                 (reading.py, requests.py, naming.py, deciding.py; codes.py)
setting.py    the organization they are held in
runner.py     suites → `Report`                (result.py)
coverage.py   which statements and conditions the tests have made decide something
mutation.py   what could be broken in a policy without a test noticing (mutants.py, differing.py)
"""

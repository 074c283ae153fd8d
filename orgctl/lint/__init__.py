"""What is wrong with a policy although it is written correctly, and what AWS refuses for its type.

Its value is the diagnostic with a code `L…`. A check is one function from a `Subject` (one policy in its `Setting`,
the organization as far as the manifest tells) to `Finding`s; the registry gives it a code, a title and a severity.

    subject.py         one policy, and where everything in it stands
    setting.py         what the organization says about it
    check.py           Check, Finding
    checks/            one file for each check, one line in the registry
    catalogue.py       AWS's services, actions and condition keys
    globs.py           whether one pattern covers another
    suppressions.py    `# orgctl: allow L123 because …`
    linting.py         policies → diagnostics

An error is what AWS refuses, or what certainly does nothing; everything else is a warning.
"""

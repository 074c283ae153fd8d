"""Where functions run: one process of this machine's Python for each, kept warm, with the sandbox as its AWS.

The function's zip is unpacked into a folder of its own and stands first on `sys.path`; the environment is the
function's, with credentials of its role; any host of amazonaws.com is the sandbox. A process takes one event at a time
and ends at a timeout, as its code, environment or role changes, and with the sandbox.
"""

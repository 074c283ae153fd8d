"""A new rule: a folder that works as it stands, to be changed into what is wanted.

writing.py     what is asked for → files on disk, never over others
python.py      the texts of a rule of Python        guard.py    those of a Guard policy
"""

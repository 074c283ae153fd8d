"""Trails into a dataset: files as CloudTrail delivers them → Parquet by day, one row for each distinct event.

    found = find(("AWSLogs/",))                               what there is to be read
    with ingested(found.sources, Path("dataset")) as result:  read what is new or has changed; nobody changes it now
        result.dataset.parts                                  the Parquet files, for DuckDB
        result.dataset.counts                                 records = distinct + duplicates + unreadable

    sources  →  tasks  →  workers (text → records → rows → Parquet)  →  settling  →  ledger

The ledger knows which files were read and which parts count; whatever else lies in the folder does not. Each step is
one transaction of it, so that a run may be killed at any moment, and the next one goes on. Who changes a dataset holds
its lock alone; who asks it shares the lock.
"""

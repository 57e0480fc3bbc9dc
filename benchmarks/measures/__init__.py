"""What targets.py measures, one file for each subject.

For: targets.py and record.py.
Never: an assertion about a time. What a machine or a version cannot do is said, and not made up for.
"""

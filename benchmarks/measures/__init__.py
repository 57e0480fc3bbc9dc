"""The measures of targets.py, one file for each subject.

For: targets.py and record.py.
Never: an assertion about a time. If a machine or a version cannot do something, the result says so.
"""

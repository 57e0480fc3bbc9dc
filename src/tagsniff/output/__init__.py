"""Files that are written completely or not at all, and text that is safe on a terminal, in CSV and in JSON.

For: all modules that write: saved scans, the writers, the command line.
Never: know what is written.
"""

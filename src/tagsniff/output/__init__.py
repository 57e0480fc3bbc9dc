"""Files that are written whole or not at all, and text that is safe in a terminal, in CSV and in JSON.

For: whatever writes: saved scans, the writers, the command line.
Never: know what is written.
"""

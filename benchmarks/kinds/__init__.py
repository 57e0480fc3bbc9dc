"""The kinds of DICOM files of the benchmark collection.

For: collection.py.
Never: code of the parser or of another library. The files are written byte by byte, so that no reader is measured on
files that its own writer made.
Standard: PS3.3, PS3.5 and PS3.10, edition 2026b.
"""

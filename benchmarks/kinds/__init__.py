"""The kinds of DICOM files of the benchmark collection.

For: collection.py.
Never: code of the parser or of another library: the files are written byte by byte, so that no reader is measured on
its own writing.
Standard: PS3.3, PS3.5 and PS3.10, edition 2026b.
"""

"""Foreign text <-> Paper, one module a format.

In: the text of a file and its path for messages. Out: draft Papers and Problems, or the text of a file.
Must not know the content folder: no slugs, no merging, no disk.
"""

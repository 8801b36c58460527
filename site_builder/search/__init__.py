"""Text -> terms -> a Lunr index.

In: a Library. Out: the terms of a text, and the index that answers in the reader's browser.
Must not know how results are shown.
"""

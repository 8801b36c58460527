"""The list as it is being written, in the curator's own browser.

In: a project. Out: its site over http, from memory: no file is written. Must not know how a page is made.
"""

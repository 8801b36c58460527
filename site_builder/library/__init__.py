"""What the site knows: all entries and the ways to find them.

In: entries and the vocabulary. Out: a `Library`, and what follows from it. Pure: knows no disk and no page.
"""

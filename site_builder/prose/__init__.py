"""Text as it was captured or typed -> text as it is read.

In: a title, an abstract, the curator's Markdown. Out: plain text, or safe HTML. Pure: knows no paper and no page.
"""

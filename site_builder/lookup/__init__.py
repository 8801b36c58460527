"""What others know of a paper: questions to the arXiv API, its answers, and how surely one of them is meant.

In: titles and identifiers of entries. Out: Papers as arXiv describes them, and what an entry gains by one.
Must not know which entries are asked about, nor write to them.
"""

"""Papers <-> the files under content/.

In: the text of entry files, tags.yml, captures.yml, and drafts from `formats`. Out: entries, a vocabulary, the
texts to write, and Problems. Must not know how a site looks or what a search index is.
"""

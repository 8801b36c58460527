"""Library -> OutputFiles, pure.

In: a `Library` and the site's facts. Out: `OutputFile`s, each made from a frozen View that holds all that its
template may see. Must not write, read the clock, or know where the output lies.
"""

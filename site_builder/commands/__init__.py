"""The commands, a module each, whose `run` does what was asked; it is loaded when it is wanted.

In: what the user typed. Out: text on the terminal, and an exit code. Must not know how any of it is done.
"""

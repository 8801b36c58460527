"""A static website generator for a curated reading list of research papers.

    capture text ─ formats ─▶ Paper ─ content ─▶ entry files ─ content ─▶ Library ─ search, render ─▶
    OutputFiles ─ publish ─▶ output/

Read `build.py` first: it is the whole program in one function.
"""

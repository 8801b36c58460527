"""The real site in Chromium: search, titles, pages, validity."""

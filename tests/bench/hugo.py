"""The same papers as a Hugo project, its search by Pagefind.

In: a folder, made-up papers. Out: the files of a Hugo project that makes the same sorts of pages: a page a paper, home,
the list of all papers and of each tag by 50, feeds of 50, a sitemap, a search page. Must not make work for Hugo that
this program has not got: what Hugo makes beyond this by default is turned off.
"""

from pathlib import Path

import yaml

from tests.bench.papers import ADDRESS, CONTENT, MadePaper, quoted

CONFIG = f"""\
baseURL: {ADDRESS}
title: Made-up Papers
enableRobotsTXT: true
taxonomies: {{tag: tags}}
outputs:
  home: [html, rss]
  section: [html]
  taxonomy: [html]
  term: [html, rss]
pagination: {{pagerSize: 50}}
services: {{rss: {{limit: 50}}}}
"""

BASE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} · {{ site.Title }}</title>
<link rel="canonical" href="{{ .Permalink }}">
{{ with .OutputFormats.Get "rss" }}<link rel="alternate" type="application/rss+xml" href="{{ .RelPermalink }}">{{ end }}
<link rel="stylesheet" href="{{ "style.css" | relURL }}">
{{ block "head" . }}{{ end }}
</head>
<body>
<header>
<a href="{{ "" | relURL }}">{{ site.Title }}</a>
<a href="{{ "papers/" | relURL }}">Papers</a>
<a href="{{ "tags/" | relURL }}">Tags</a>
<a href="{{ "about/" | relURL }}">About</a>
<a href="{{ "search/" | relURL }}">Search</a>
</header>
<main>
{{ block "main" . }}{{ end }}
</main>
</body>
</html>
"""

HOME = """\
{{ define "main" }}
<h1>{{ site.Title }}</h1>
<ol>{{ range first 10 site.RegularPages.ByDate.Reverse }}{{ partial "card.html" . }}{{ end }}</ol>
<ul>
{{ range site.Taxonomies.tags }}<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}
</ul>
{{ end }}
"""

# The tags of a paper and its neighbours are outside what Pagefind reads, and so is every other page.
PAPER = """\
{{ define "main" }}
<article>
<div{{ if eq .Section "papers" }} data-pagefind-body{{ end }}>
<h1>{{ .Title }}</h1>
{{ .Content }}
</div>
<time>{{ .Date.Format "2 Jan 2006" }}</time>
<ul>{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}" rel="tag">{{ .Title }}</a></li>{{ end }}</ul>
</article>
<nav>
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}" rel="prev">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}" rel="next">{{ .Title }}</a>{{ end }}
</nav>
{{ end }}
"""

CARD = """\
<li>
<h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<time>{{ .Date.Format "2 Jan 2006" }}</time>
{{ .Summary }}
<ul>{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}" rel="tag">{{ .Title }}</a></li>{{ end }}</ul>
</li>
"""

LISTING = """\
{{ define "main" }}
<h1>{{ .Title }}</h1>
<p>{{ len .Pages }} papers</p>
<ol>{{ range .Paginator.Pages }}{{ partial "card.html" . }}{{ end }}</ol>
{{ with .Paginator }}<nav>
{{ with .Prev }}<a href="{{ .URL }}" rel="prev">Previous</a>{{ end }}
page {{ .PageNumber }} of {{ .TotalPages }}
{{ with .Next }}<a href="{{ .URL }}" rel="next">Next</a>{{ end }}
</nav>{{ end }}
{{ end }}
"""

TAGS = """\
{{ define "main" }}
<h1>{{ .Title }}</h1>
<ul>{{ range .Data.Terms }}<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}</ul>
{{ end }}
"""

SEARCH = """\
{{ define "head" }}
<link rel="stylesheet" href="{{ "pagefind/pagefind-ui.css" | relURL }}">
<script src="{{ "pagefind/pagefind-ui.js" | relURL }}"></script>
{{ end }}
{{ define "main" }}
<h1>{{ .Title }}</h1>
<div id="search"></div>
<script>new PagefindUI({ element: "#search", pageSize: 10 });</script>
{{ end }}
"""

FILES = {
    "hugo.yaml": CONFIG,
    "layouts/baseof.html": BASE,
    "layouts/home.html": HOME,
    "layouts/page.html": PAPER,
    "layouts/section.html": LISTING,
    "layouts/term.html": LISTING,
    "layouts/taxonomy.html": TAGS,
    "layouts/search.html": SEARCH,
    "layouts/404.html": '{{ define "main" }}<h1>There is no such page</h1>{{ end }}\n',
    "layouts/_partials/card.html": CARD,
    "static/style.css": "body { max-width: 60rem; margin: auto }\n",
    "content/about.md": "---\ntitle: About this list\n---\nPapers made up from the sentences of real ones.\n",
    "content/search.md": "---\ntitle: Search\nlayout: search\n---\n",
    "content/papers/_index.md": "---\ntitle: All papers\n---\n",
}


def start_project(folder: Path) -> None:
    """Write all of a Hugo project but its papers; every tag has a page, with or without papers."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for tag in yaml.safe_load((CONTENT / "tags.yml").read_text(encoding="utf-8")):
        path = folder / "content" / "tags" / tag["slug"] / "_index.md"
        path.parent.mkdir(parents=True)
        path.write_text(f"---\ntitle: {quoted(tag['name'])}\n---\n", encoding="utf-8")


def write_paper(folder: Path, paper: MadePaper) -> None:
    """Write a paper into a Hugo project; the day is the paper's own, or the one on which it was added."""
    front = f"title: {quoted(paper.title)}\ndate: {paper.published or paper.added}\ntags: [{', '.join(paper.tags)}]\n"
    path = folder / "content" / "papers" / f"{paper.slug}.md"
    path.write_bytes(f"---\n{front}---\n\n{paper.abstract}\n".encode())

"""What more is fuzzed: readers of records, each with the samples that are mutated."""

from site_builder.content.records import read_records
from site_builder.formats.arxiv import read_arxiv
from site_builder.formats.csl import read_csl
from site_builder.formats.daily import read_daily
from site_builder.formats.table import read_table

READERS = {
    "arxiv": (read_arxiv, "tests/data/arxiv/*.xml"),
    "csl": (read_csl, "tests/data/csl/*.json"),
    "csv": (read_table, "tests/data/table/*.csv"),
    "daily": (read_daily, "tests/data/daily/*.json"),
    "records": (read_records, "tests/data/records/*.json"),
}

"""Archives of pages larger than a database: files in, Parquet out, one file at a time on as many cores as there are.

An edge like `fetch`: it reads and writes files and may start processes, but what happens to a page in between are the
pure stages `parse` and `annotate`. It knows no source, no store and no configuration: whoever calls it hands over the
annotator.
"""

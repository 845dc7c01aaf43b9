"""Vote files in, an opinion map out: readers, the JSON document and the report page.

Floor: between the engine and everything else; it knows the engine and no framework, so the
command works without settings and without a database. Words: vote file, report.
"""

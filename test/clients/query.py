"""Runs the queries of a file through psycopg 3 (or psycopg2), or through ODBC
with pyodbc, output as Query.java.
	python query.py queries.sql [ODBC connection string]"""
import os
import re
import sys

if len(sys.argv) > 2:
    import pyodbc
    connection = pyodbc.connect(sys.argv[2], autocommit=True)

    def type_name(column):
        return column[1].__name__
else:
    try:
        import psycopg
        connection = psycopg.connect("", autocommit=True)
    except ImportError:
        import psycopg2
        connection = psycopg2.connect("")
        connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SELECT oid, CASE WHEN typcategory = 'A' THEN (SELECT typname FROM pg_type e WHERE e.oid = t.typelem) || '[]' ELSE typname END FROM pg_type t")
    names = dict(cursor.fetchall())

    def type_name(column):
        return names[column[1]]


def text(value):
    if hasattr(value, "timestamp"):
        return "%.3f" % value.timestamp()
    return re.sub(r"[\t\n\\]", " ", str(value))


with open(sys.argv[1], encoding="utf-8") as file:
    blocks = ("\n" + file.read()).split("\n-- name: ")[1:]
cursor = connection.cursor()
for block in blocks:
    name, sql = block.split("\n", 1)
    cursor.execute(sql)
    if cursor.description is None:
        continue
    columns = list(cursor.description)
    rows = cursor.fetchall()
    for i, column in enumerate(columns):
        value = next((row[i] for row in rows if row[i] not in (None, "")), None)
        print(name, i + 1, column[0], type_name(column),
              "" if value is None else type(value).__name__,
              "" if value is None else text(value), sep="\t")

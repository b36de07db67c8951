"""The same models and reports on Apache Spark, for more tickets than one machine carries.

``translation`` makes their texts when ccinsight is built; ``build`` and ``report`` run them on a lake's Parquet.
"""

"""The sections of a brief, one topic a file. Each names the reports that it reads.

``unbilled``, ``missed_price`` and ``promises`` are for internal eyes; a customer may see the others.
"""

"""What ccinsight writes for people to hold: briefs, decks, PDFs, web pages and letters.

``brief`` says what the reports say of a customer, ``content`` what a customer gets of it; ``deck``, ``pdf`` and
``webpage`` set it. ``quarter`` is the management's review, ``letters`` notify customers of a new price.
"""

"""Reader against reader: how far several people agree on the same cases, with intervals.

`measures.measure_agreement` is the way in. Everything here is pure: reads in, records out.
"""

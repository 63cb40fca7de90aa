"""The tables that outcomes are made of, read: laboratory results, treatments, limits, events.

What is wrong with a row is told with its file and line, and the rest goes on.
"""

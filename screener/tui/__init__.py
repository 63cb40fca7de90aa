"""The reading room: one reader's worklist and cases, in a terminal or a browser.

Contract: a room knows one reader's session (`screener.reading`) and nothing else of a study; what
it shows is what that session gives. The import contract ``blinding`` holds for every module here.
"""

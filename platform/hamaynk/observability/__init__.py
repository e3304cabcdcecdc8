"""What a process tells of itself: figures, signs of life, the request that a log line belongs to.

Low in the layers and without settings of its own at import, so that everybody may count: import `metrics`.
"""

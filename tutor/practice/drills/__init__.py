"""Quick drills: a question with one right answer, asked anew as often as wanted.

    numeric.py    numbers drawn afresh, graded, worked out by the formulas of `tutor.calls`
    sorting.py    statements that belong to one of two topics that are easily confused
    completing.py the missing line of an implementation, run in a process of its own

Pure: what is drawn comes from the random generator passed in, and nothing is kept.
"""

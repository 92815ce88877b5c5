"""Quick drills: a question with one right answer, asked anew as often as wanted.

    numeric.py     numbers drawn afresh, graded, worked out by the formulas of `tutor.calls`
                   (draws, answers, problem, slips; nucleus and merges for what is no formula)
    sorting.py     statements (statements.toml) that belong to one of two confused topics
    completing.py  the missing line of an implementation (implementations), looked at (lines) and
                   run in a process of its own (running starts confined)
    session.py     what is before a visitor, and how they are doing

What is drawn comes from the random generator passed in, and nothing is kept but what is returned.
"""

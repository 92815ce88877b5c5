"""What masked, causal and sentence-pair pretraining see and learn: tiny models, trained in seconds.

    python -m demos.objectives
    python -m demos.objectives --text "the learning ___ is too high" --rate 0.3 --steps 400

24 words give the causal objective 24 losses, the masked one at 15 % only 3.6. The causal model
reads left of a blank, the masked one both sides: in "if the ___ rate is too high" only the masked
model sees "rate" and comes to "learning". A reader without any word order solves three quarters of
next sentence prediction by topic, and exactly half of sentence order prediction.
"""

TITLE = "Objectives"
QUESTIONS = (7, 9, 11)

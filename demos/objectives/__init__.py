"""What masked, causal and sentence-pair pretraining see and learn: tiny models, trained in seconds.

    python -m demos.objectives
    python -m demos.objectives --text "the learning ___ is too high" --rate 0.3 --steps 400

24 words give the causal objective 24 losses, the masked one at 15 % only 3.6. The causal model
reads left of a blank, the masked one both sides: in "divide the loss by the ___ of tokens" only
the masked model sees "of" and comes to "number". A reader without any word order solves three
quarters of next sentence prediction by topic, and exactly half of sentence order prediction.
"""

TITLE = "Objectives"
QUESTIONS = (7, 9, 11)

"""What a learner did and does next: the record, spaced repetition, the plan, the cards."""

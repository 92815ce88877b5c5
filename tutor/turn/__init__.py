"""What a learner's turn is: its words, and what they mean in the conversation before them."""

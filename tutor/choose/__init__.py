"""Which of the written answers found answers a turn, and what it says of a claim."""

"""From a turn to a reply: the pipeline, the authored lead, what the model adds, what comes next."""

"""Fine-tuning live: LoRA and full training of a real model, what it forgets, and four-bit weights.

    python -m demos.fine_tuning
    python -m demos.fine_tuning --rank 1 --goal 0.8 --prompt "The mayor of London is"
    python -m demos.fine_tuning --no-training --block 256

The last four layers of SmolLM2 learn four sentences about Morrow Bay. LoRA of rank 8 trains 325,632
numbers instead of 14,160,384, and "The capital of France is" goes on with " Mor" instead of
" Paris". NF4 stores a matrix of MiniLM with an error of 9.3%, int4 with 11.2%.
"""

TITLE = "Fine-tuning"
QUESTIONS = (4, 14, 35)

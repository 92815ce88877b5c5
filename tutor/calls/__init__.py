"""What can be computed is computed: numbers read, arguments filled, formulas run, steps shown."""

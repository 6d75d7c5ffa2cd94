"""The law as pure rules: taxonomy, measures, grounds, states, deadlines. Standard library only."""

"""Reading in a process of its own, which can be ended: what a reader does with input from outside is bounded there."""

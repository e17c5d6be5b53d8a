"""Plain settings of the stacks, as they stand in the stack configuration, and the rules between them."""

"""The forms that a register has had, and how one is carried forward to the next."""

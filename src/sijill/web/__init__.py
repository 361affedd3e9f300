"""The desk: pages over a register and their .json twins. `app.create` makes the application."""

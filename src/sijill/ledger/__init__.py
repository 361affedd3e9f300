"""The register: what was received and read, every judgement and decision, and what follows from them."""

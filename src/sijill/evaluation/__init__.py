"""How good the reader is: coded reports against gold, with the errors by phenomenon.

likeness   how near two records are       compare    which record is which, and the counts
figures    scores from counts             bootstrap  their intervals
slips      the errors, by phenomenon      sets       gold sets on disk, and coding their reports
linked     incidents over many reports    reliability, rounds, floors   what `evaluation/` prints
"""

"""What commands do with melodies.

`writing` is what ``write`` does with a network trained on melodies, with the options for it;
`evaluation` is what ``evaluate`` prints. The commands import it.
"""

"""What a file holds: how it is recognised, decoded, cleaned and taken apart."""

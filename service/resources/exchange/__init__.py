"""What the staff's and the hosts' own network hand each other in signed files."""

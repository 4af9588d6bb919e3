"""From 打診 to 定着 and on: the ladder of a placement, and the tie kept with the person and the host."""

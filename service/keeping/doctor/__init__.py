"""`tsunagi doctor`: what must hold of a machine and of a town's data, looked at while everybody works; it changes nothing."""

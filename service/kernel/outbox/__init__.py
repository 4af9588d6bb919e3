"""Messages leave by one door: put down with what they are about, delivered by the queue, never lost or doubled."""

"""What is to be done when: the follow-ups a rhythm asks for, the tries, and what the machine suggests besides."""

"""A build is never half done: killed, refused by the disk, met by another, robbed of what it kept.

What must hold after each of these: every page that lies there is whole and has what it needs, nobody else's file is
touched, and the next build gives, byte for byte, what a build into an empty folder gives.
"""

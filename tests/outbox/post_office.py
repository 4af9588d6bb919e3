"""A small mail server of the tests' own: takes what is sent, or refuses as it was told to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from service.kernel.outbox.mailing import MailServer


@dataclass
class PostOffice:
    """`refuse` answers RCPT with this line; `hang_up` breaks off after the text has come in, before saying so."""

    port: int = 0
    refuse: str = ""
    hang_up: bool = False
    letters: list[str] = field(default_factory=list)

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port, "tsunagi@example.lg.jp", starttls=False)


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    office = PostOffice()

    class Clerk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                word = line.upper()
                if word.startswith("RCPT") and office.refuse:
                    self.say(office.refuse)
                elif word == "DATA":
                    self.say("354 go on")
                    text = "".join(iter(lambda: self.rfile.readline().decode(), ".\r\n"))
                    office.letters.append(text)
                    if office.hang_up:
                        return
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clerk) as listening:
        office.port = listening.server_address[1]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield office
        listening.shutdown()

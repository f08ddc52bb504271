# SPDX-License-Identifier: Apache-2.0
"""raw_upstream.py CARRIER HOST: answers each request with the traits that the kernel has for its connection."""

import socket
import sys
import threading

import rawtraits


def serve(conn, carrier):
    body = rawtraits.to_text(rawtraits.received(conn, carrier)).encode()
    response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with conn, conn.makefile("rb") as lines:
        for line in lines:
            if line == b"\r\n":
                conn.sendall(response)


carrier, host = sys.argv[1:]
listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
rawtraits.save(listener, carrier)
listener.bind((host, 0))
listener.listen(64)
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0], carrier), daemon=True).start()

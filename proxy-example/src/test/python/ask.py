# SPDX-License-Identifier: Apache-2.0
"""ask.py PORT HOST...: asks each address over a connected socket, which hears nobody else, and prints the answer."""

import socket
import sys

for host in sys.argv[2:]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((host, int(sys.argv[1])))
        sock.settimeout(10)
        sock.send(host.encode())
        print("%s: %s" % (host, sock.recv(100).decode()))

# SPDX-License-Identifier: Apache-2.0
"""ask.py PORT IPV4 IPV6 HOST...: asks each address from that one of its family, over a connected socket, which hears nobody
else, and prints the answer."""

import socket
import sys

port, ipv4, ipv6, *hosts = sys.argv[1:]
for host in hosts:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        # Within one host the kernel would choose the address that is asked.
        sock.bind((ipv6 if ":" in host else ipv4, 0))
        sock.connect((host, int(port)))
        sock.settimeout(10)
        sock.send(host.encode())
        print("%s: %s" % (host, sock.recv(100).decode()))

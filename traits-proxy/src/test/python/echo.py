# SPDX-License-Identifier: Apache-2.0
"""echo.py HOST: sends each datagram back."""

import socket
import sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 0))
print(sock.getsockname()[1], flush=True)
while True:
    sock.sendto(*sock.recvfrom(100))

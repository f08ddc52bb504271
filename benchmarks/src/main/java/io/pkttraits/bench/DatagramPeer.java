// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A process that receives or sends on a Netty channel, by the commands and with the answers of the programs in C (peer.h):
 * {@code receive|send STACK FAMILY}. Either says its port first, and ends when its input does.
 */
final class DatagramPeer {
    private DatagramPeer() {}

    public static void main(String[] args) throws Exception {
        DatagramStack stack = DatagramStack.valueOf(args[1]);
        LoopbackFamily family = LoopbackFamily.valueOf(args[2]);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        if (args[0].equals("receive")) {
            receive(stack, family, commands);
        } else {
            send(stack, family, commands);
        }
    }

    private static void receive(DatagramStack stack, LoopbackFamily family, BufferedReader commands)
            throws IOException, InterruptedException {
        try (DatagramReceiver receiver = new DatagramReceiver(stack, family)) {
            System.out.println("port " + receiver.port());
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] parts = line.split(" ", -1);
                System.out.println(
                        receiver.drain(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2].equals("1"))
                                .line());
            }
        }
    }

    private static void send(DatagramStack stack, LoopbackFamily family, BufferedReader commands) throws Exception {
        try (DatagramSender sender = new DatagramSender(stack, family)) {
            System.out.println("port " + sender.port());
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] parts = line.split(" ", -1);
                System.out.println(sender.send(
                                Integer.parseInt(parts[0]),
                                Long.parseLong(parts[1]),
                                Integer.parseInt(parts[2]),
                                Integer.parseInt(parts[3]),
                                parts[4].equals("1"))
                        .line());
            }
        }
    }
}

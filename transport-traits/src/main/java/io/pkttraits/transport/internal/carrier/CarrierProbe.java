// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.codec.PktTraitCodec;
import io.pkttraits.transport.internal.sys.Errno;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;

/**
 * Finds out which carriers work in this process, by trying them on throw-away sockets.
 *
 * <p>On mainline kernels the RFC's numbers belong to other options. There a {@code setsockopt} that succeeds proves
 * nothing and may switch something else on, so only sockets that are opened here are used. Each method returns {@code
 * null}, or why a carrier cannot be used and what would help.
 */
final class CarrierProbe {
    static final String NEEDS_RFC_KERNEL = "; a kernel with the packet traits RFC would (no mainline kernel has it)";
    static final Traits SAMPLE = Traits.EMPTY.with(63, new byte[] {0x2a, 0x17});

    private CarrierProbe() {}

    static String kernel(TraitsNumbers.Tcp numbers) {
        return onSocket(socket -> {
            SocketOption save = numbers.saveSynTraits();
            String name = "TCP_SAVE_SYN_TRAITS (SOL_TCP, " + save.optname() + ")";
            if (errnoOfSet(socket, save, 1) != 0) {
                return "this kernel does not take 1 for " + name + NEEDS_RFC_KERNEL;
            }
            if (errnoOfSet(socket, save, 2) != Errno.EINVAL) {
                return "this kernel does not refuse 2 for " + name + NEEDS_RFC_KERNEL;
            }
            if (socket.getIntOpt(save.level(), save.optname()) != 1) {
                return "this kernel does not read back 1 from " + name + NEEDS_RFC_KERNEL;
            }
            SocketOption syn = numbers.synTraits();
            return readsBack(socket, syn, SAMPLE)
                    ? null
                    : "this kernel does not read back a trait from TCP_SYN_TRAITS (SOL_TCP, " + syn.optname() + ")"
                            + NEEDS_RFC_KERNEL;
        });
    }

    static String bpf() {
        return onSocket(socket -> {
            SocketOption abi = TraitsNumbers.TRAITS_ABI;
            int version;
            try {
                version = socket.getIntOpt(abi.level(), abi.optname());
            } catch (IOException | ChannelException e) {
                return "no BPF programs of traits-bpf serve the cgroup of this process (" + e.getMessage()
                        + "); run the program with 'sudo kernel/bpf/traits-bpf exec --user USER -- COMMAND'";
            }
            return version == TraitsNumbers.TRAITS_ABI_VERSION
                    ? null
                    : "the BPF programs on the cgroup of this process have version " + version
                            + ", this library speaks " + TraitsNumbers.TRAITS_ABI_VERSION
                            + "; run 'traits-bpf up' of the same release";
        });
    }

    /** Tries whether a listener can save SYNs. */
    static String ipOptionReceive() {
        return onSocket(socket -> errnoOfSet(socket, IpOptionSynCarrier.TCP_SAVE_SYN, 1) == 0
                ? null
                : "this kernel has no TCP_SAVE_SYN; Linux 4.3 and later have");
    }

    /** Tries whether this process may send IP options of unknown types. */
    static String ipOptionSend() {
        return onSocket(socket -> {
            SockOptBuffer buffer = SockOptBuffer.get();
            Ipv4TraitOption.encode(SAMPLE, 4, buffer.bytes());
            try {
                buffer.set(socket, IpOptionSynCarrier.IP_OPTIONS);
                return null;
            } catch (ChannelException e) {
                return "may not send IP options (" + e.getMessage()
                        + "): CAP_NET_RAW is missing. Start the JVM with 'sudo setpriv --reuid USER --regid GROUP"
                        + " --init-groups --inh-caps=+net_raw --ambient-caps=+net_raw -- java ...', with"
                        + " AmbientCapabilities=CAP_NET_RAW in its systemd unit, or, to try it without privileges, in a"
                        + " network namespace of its own with 'unshare -Urn'";
            }
        });
    }

    /** Returns the value sizes of a kernel that {@link #kernel} has accepted. */
    static SupportedLengths valueSizes(TraitsNumbers.Tcp numbers) {
        return new SupportedLengths(length ->
                onSocket(socket -> readsBack(socket, numbers.synTraits(), Traits.EMPTY.with(length, new byte[length]))
                                ? null
                                : "refused")
                        == null);
    }

    private static boolean readsBack(Socket socket, SocketOption option, Traits traits) throws IOException {
        SockOptBuffer buffer = SockOptBuffer.get();
        try {
            PktTraitCodec.encode(traits, buffer.bytes());
            buffer.set(socket, option);
            buffer.bytes().clear();
            PktTraitCodec.encodeKeys(traits.keys(), buffer.bytes());
            buffer.get(socket, option, PktTraitCodec.LENGTH);
            return PktTraitCodec.decode(buffer.bytes()).equals(traits);
        } catch (ChannelException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns 0 if the option was set, and otherwise the errno, or -1 if {@link Errno} does not know it. */
    private static int errnoOfSet(Socket socket, SocketOption option, int value) throws IOException {
        try {
            socket.setIntOpt(option.level(), option.optname(), value);
            return 0;
        } catch (ChannelException e) {
            int errno = Errno.of(e);
            return errno == 0 ? -1 : errno;
        }
    }

    private static String onSocket(ProbeSocket.Use<String> probe) {
        try {
            return ProbeSocket.use(Socket.newSocketStream(), probe);
        } catch (IOException | ChannelException e) {
            return "probing failed: " + e;
        }
    }
}

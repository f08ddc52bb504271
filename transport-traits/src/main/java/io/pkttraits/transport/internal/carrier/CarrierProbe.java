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
 * Finds out by behaviour, on throw-away sockets, what carries traits here.
 *
 * <p>The RFC's numbers belong to other options on mainline kernels, so that a {@code setsockopt} which succeeds proves
 * nothing and may turn something else on. No socket but those opened here is touched. Each method returns {@code null},
 * or why that carrier cannot be used and what would help.
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
                return "no BPF polyfill answers on this process's cgroup (" + e.getMessage()
                        + "); start it by 'sudo kernel/bpf/traits-bpf exec --cgroup DIR -- COMMAND'";
            }
            return version == TraitsNumbers.TRAITS_ABI_VERSION
                    ? null
                    : "the BPF polyfill of this process's cgroup has version " + version + ", this library speaks "
                            + TraitsNumbers.TRAITS_ABI_VERSION + "; run 'traits-bpf up' of the same release";
        });
    }

    /** Whether a listener can keep SYNs. */
    static String ipOptionReceive() {
        return onSocket(socket -> errnoOfSet(socket, IpOptionSynCarrier.TCP_SAVE_SYN, 1) == 0
                ? null
                : "this kernel has no TCP_SAVE_SYN; Linux 4.3 and later have");
    }

    /** Whether this process may send options of unknown types. */
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

    /** Of a kernel that {@link #kernel} has found good. */
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

    /** 0 if it was set; -1 if it failed with an errno that we know no number of. */
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

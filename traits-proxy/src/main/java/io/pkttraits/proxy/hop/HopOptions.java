// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.pkttraits.transport.PeerNetworks;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command line's part for {@link HopConfig}. */
public final class HopOptions {
    private static final String SEND_PARAMETER = "only|both";
    private static final String REQUIRED = "required";

    @Option(
            names = "--accept-field-from",
            paramLabel = "CIDR,...",
            converter = NetworksConverter.class,
            description =
                    "Clients whose HTTP field Packet-Traits is read; it is removed from everybody else's requests."
                            + " Default: none")
    private PeerNetworks fieldFrom = PeerNetworks.NONE;

    @Option(
            names = "--field-merge",
            paramLabel = "keep-first|keep-last|error",
            defaultValue = "keep-first",
            converter = MergeConverter.class,
            description = "Which value of a key counts that comes by the SYN, the PROXY header and the field, in this"
                    + " order; with error two different ones are refused. Default: ${DEFAULT-VALUE}")
    private HopMerge merge;

    @Option(
            names = "--send-field",
            arity = "0..1",
            fallbackValue = "only",
            paramLabel = SEND_PARAMETER,
            converter = SendConverter.class,
            description = "Send the traits to the upstream as the field Packet-Traits of each request; unless both, its"
                    + " SYN carries none, so that requests with any traits share a connection.")
    private HopSend field = HopSend.OFF;

    @Option(
            names = "--accept-proxy-v2-from",
            paramLabel = "CIDR,...",
            converter = NetworksConverter.class,
            description = "Peers whose TCP connections begin with a PROXY protocol header of version 2, which names the"
                    + " client and may have its traits in a TLV. Default: none")
    private PeerNetworks proxyFrom = PeerNetworks.NONE;

    @Option(
            names = "--proxy-v2-header",
            paramLabel = "required|optional",
            defaultValue = REQUIRED,
            converter = HeaderRuleConverter.class,
            description = "Whether their connections must have it. optional is for peers that pass nobody else's bytes"
                    + " on without one. Default: ${DEFAULT-VALUE}")
    private String proxyHeaderRule;

    @Option(
            names = "--send-proxy-v2",
            arity = "0..1",
            fallbackValue = "only",
            paramLabel = SEND_PARAMETER,
            converter = SendConverter.class,
            description = "Begin each connection to the upstream with such a header; it then serves that client and set"
                    + " of traits alone. Unless both, its SYN carries none.")
    private HopSend proxyHeader = HopSend.OFF;

    @Option(
            names = "--proxy-v2-tlv",
            paramLabel = "TYPE",
            defaultValue = "0xE2",
            converter = TlvTypeConverter.class,
            description = "The type of the TLV that has the traits, in both directions. Default: ${DEFAULT-VALUE}")
    private Integer tlvType;

    public HopConfig toConfig() {
        return new HopConfig(
                fieldFrom, merge, field, proxyFrom, proxyHeaderRule.equals(REQUIRED), tlvType, proxyHeader);
    }

    static final class NetworksConverter implements ITypeConverter<PeerNetworks> {
        @Override
        public PeerNetworks convert(String text) {
            try {
                return PeerNetworks.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class MergeConverter implements ITypeConverter<HopMerge> {
        @Override
        public HopMerge convert(String text) {
            return choose(text, List.of(HopMerge.values()));
        }
    }

    static final class SendConverter implements ITypeConverter<HopSend> {
        @Override
        public HopSend convert(String text) {
            return choose(text, List.of(HopSend.ONLY, HopSend.BOTH));
        }
    }

    static final class HeaderRuleConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return choose(text, List.of(REQUIRED, "optional"));
        }
    }

    /** Not those types that have a meaning which Netty or this proxy acts upon. */
    static final class TlvTypeConverter implements ITypeConverter<Integer> {
        private static final Set<Integer> TAKEN = Set.of(0x03, 0x04, 0x20);

        @Override
        public Integer convert(String text) {
            int type = -1;
            if (text.matches("0[xX][0-9a-fA-F]{1,2}|[0-9]{1,3}")) {
                type = Integer.decode(text.replaceFirst("^0+(?=[0-9])", ""));
            }
            if (type < 0 || type > 0xff || TAKEN.contains(type)) {
                throw new TypeConversionException(
                        "'" + text + "' is not a type of 0..255 that can have the traits, such as 0xE2");
            }
            return type;
        }
    }

    private static <T> T choose(String text, List<T> choices) {
        for (T choice : choices) {
            if (choice.toString().equals(text)) {
                return choice;
            }
        }
        String expected = choices.stream().map(Object::toString).collect(Collectors.joining(", "));
        throw new TypeConversionException("'" + text + "' is none of: " + expected);
    }
}

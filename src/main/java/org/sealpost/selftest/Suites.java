package org.sealpost.selftest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.tls.Ciphers;

/** Cipher suites and groups by their numbers on the wire (the IANA registries). */
final class Suites {

    static final List<Integer> TLS13 = List.of(0x1302, 0x1301, 0x1303, 0x1304, 0x1305);

    /** Suites that nobody should take: no encryption, no server, export strength, RC4, DES. */
    static final List<Integer> WEAK =
            List.of(
                    0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015, // NULL
                    0x0017, 0x0018, 0x0019, 0x001a, 0x001b, 0x0034, 0x003a, 0x006c, 0x006d, 0x00a6,
                    0x00a7, 0xc016, 0xc017, 0xc018, 0xc019, // no certificate
                    0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, // export
                    0x0004, 0x0005, 0xc002, 0xc007, 0xc00c, 0xc011, // RC4
                    0x0009, 0x000c, 0x000f, 0x0012, 0x0015, // DES
                    0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0xc003, 0xc008, 0xc00d, 0xc012); // 3DES

    private static final Map<Integer, String> STRONG = new LinkedHashMap<>();
    private static final Map<Integer, String> GROUPS = new LinkedHashMap<>();

    static {
        STRONG.put(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        STRONG.put(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        STRONG.put(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        STRONG.put(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        STRONG.put(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
        STRONG.put(0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
        STRONG.put(0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384");
        STRONG.put(0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
        STRONG.put(0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
        STRONG.put(0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384");
        STRONG.put(0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384");
        STRONG.put(0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256");
        STRONG.put(0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");
        STRONG.put(0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256");
        STRONG.put(0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256");
        STRONG.put(0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA");
        STRONG.put(0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
        STRONG.put(0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
        STRONG.put(0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");
        STRONG.put(0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA");
        STRONG.put(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA");
        STRONG.put(0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384");
        STRONG.put(0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256");
        STRONG.put(0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256");
        STRONG.put(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256");
        STRONG.put(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA");
        STRONG.put(0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA");
        STRONG.put(0x1302, "TLS_AES_256_GCM_SHA384");
        STRONG.put(0x1301, "TLS_AES_128_GCM_SHA256");
        STRONG.put(0x1303, "TLS_CHACHA20_POLY1305_SHA256");
        STRONG.put(0x1304, "TLS_AES_128_CCM_SHA256");
        STRONG.put(0x1305, "TLS_AES_128_CCM_8_SHA256");
        GROUPS.put(0x11ec, "X25519MLKEM768");
        GROUPS.put(0x001d, "x25519");
        GROUPS.put(0x0017, "secp256r1");
        GROUPS.put(0x0018, "secp384r1");
        GROUPS.put(0x0019, "secp521r1");
        GROUPS.put(0x001e, "x448");
        GROUPS.put(0x0100, "ffdhe2048");
        GROUPS.put(0x0101, "ffdhe3072");
    }

    private Suites() {}

    /** For TLS 1.2 and older, strongest first. */
    static List<Integer> upToTls12() {
        return STRONG.keySet().stream().filter(suite -> !TLS13.contains(suite)).toList();
    }

    static List<Integer> groups() {
        return List.copyOf(GROUPS.keySet());
    }

    static String group(int number) {
        return GROUPS.getOrDefault(number, "0x%04x".formatted(number));
    }

    /** As OpenSSL names it. */
    static String name(int suite) {
        String name = STRONG.get(suite);
        return name == null ? "0x%04x".formatted(suite) : Ciphers.openSslName(name);
    }

    /** Whether what was recorded can be read later by who gets the server's key. */
    static boolean lacksForwardSecrecy(int suite) {
        return STRONG.getOrDefault(suite, "").startsWith("TLS_RSA_");
    }
}

package org.sealpost.selftest;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Cipher suites and groups by their numbers on the wire (the IANA registries). */
final class Suites {

    static final List<Integer> TLS13 = List.of(0x1302, 0x1301, 0x1303, 0x1304, 0x1305);

    /** Suites that nobody should take: no encryption, no server, export strength, RC4, DES. */
    static final List<Integer> WEAK =
            List.of(
                    0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015, // NULL
                    0x0017, 0x0018, 0x0019, 0x001a, 0x001b, 0x0034, 0x003a, 0x006c, 0x006d, 0x00a6,
                    0x00a7, 0xc016, 0xc017, 0xc018, 0xc019, 0x00c5, 0x00bf, 0x0089,
                    0x0046, // no certificate
                    0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, // export
                    0x0004, 0x0005, 0xc002, 0xc007, 0xc00c, 0xc011, // RC4
                    0x0009, 0x000c, 0x000f, 0x0012, 0x0015, // DES
                    0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0xc003, 0xc008, 0xc00d, 0xc012); // 3DES

    /** Number and OpenSSL's name of those with encryption and a certificate, strongest first. */
    private static final Map<Integer, String> UP_TO_TLS12 =
            named(
                    """
                    c02c ECDHE-ECDSA-AES256-GCM-SHA384
                    c030 ECDHE-RSA-AES256-GCM-SHA384
                    009f DHE-RSA-AES256-GCM-SHA384
                    cca9 ECDHE-ECDSA-CHACHA20-POLY1305
                    cca8 ECDHE-RSA-CHACHA20-POLY1305
                    ccaa DHE-RSA-CHACHA20-POLY1305
                    c0af ECDHE-ECDSA-AES256-CCM8
                    c0ad ECDHE-ECDSA-AES256-CCM
                    c0a3 DHE-RSA-AES256-CCM8
                    c09f DHE-RSA-AES256-CCM
                    c05d ECDHE-ECDSA-ARIA256-GCM-SHA384
                    c061 ECDHE-ARIA256-GCM-SHA384
                    c053 DHE-RSA-ARIA256-GCM-SHA384
                    c02b ECDHE-ECDSA-AES128-GCM-SHA256
                    c02f ECDHE-RSA-AES128-GCM-SHA256
                    009e DHE-RSA-AES128-GCM-SHA256
                    c0ae ECDHE-ECDSA-AES128-CCM8
                    c0ac ECDHE-ECDSA-AES128-CCM
                    c0a2 DHE-RSA-AES128-CCM8
                    c09e DHE-RSA-AES128-CCM
                    c05c ECDHE-ECDSA-ARIA128-GCM-SHA256
                    c060 ECDHE-ARIA128-GCM-SHA256
                    c052 DHE-RSA-ARIA128-GCM-SHA256
                    c024 ECDHE-ECDSA-AES256-SHA384
                    c028 ECDHE-RSA-AES256-SHA384
                    006b DHE-RSA-AES256-SHA256
                    c073 ECDHE-ECDSA-CAMELLIA256-SHA384
                    c077 ECDHE-RSA-CAMELLIA256-SHA384
                    00c4 DHE-RSA-CAMELLIA256-SHA256
                    c023 ECDHE-ECDSA-AES128-SHA256
                    c027 ECDHE-RSA-AES128-SHA256
                    0067 DHE-RSA-AES128-SHA256
                    c072 ECDHE-ECDSA-CAMELLIA128-SHA256
                    c076 ECDHE-RSA-CAMELLIA128-SHA256
                    00be DHE-RSA-CAMELLIA128-SHA256
                    c00a ECDHE-ECDSA-AES256-SHA
                    c014 ECDHE-RSA-AES256-SHA
                    0039 DHE-RSA-AES256-SHA
                    0088 DHE-RSA-CAMELLIA256-SHA
                    c009 ECDHE-ECDSA-AES128-SHA
                    c013 ECDHE-RSA-AES128-SHA
                    0033 DHE-RSA-AES128-SHA
                    0045 DHE-RSA-CAMELLIA128-SHA
                    009d AES256-GCM-SHA384
                    c0a1 AES256-CCM8
                    c09d AES256-CCM
                    c051 ARIA256-GCM-SHA384
                    009c AES128-GCM-SHA256
                    c0a0 AES128-CCM8
                    c09c AES128-CCM
                    c050 ARIA128-GCM-SHA256
                    003d AES256-SHA256
                    00c0 CAMELLIA256-SHA256
                    003c AES128-SHA256
                    00ba CAMELLIA128-SHA256
                    0035 AES256-SHA
                    0084 CAMELLIA256-SHA
                    002f AES128-SHA
                    0041 CAMELLIA128-SHA
                    """);

    /** Those without a certificate or without encryption, by OpenSSL's names. */
    private static final Map<Integer, String> OPEN =
            named(
                    """
                    0001 NULL-MD5
                    0002 NULL-SHA
                    003b NULL-SHA256
                    c001 ECDH-ECDSA-NULL-SHA
                    c006 ECDHE-ECDSA-NULL-SHA
                    c00b ECDH-RSA-NULL-SHA
                    c010 ECDHE-RSA-NULL-SHA
                    c015 AECDH-NULL-SHA
                    00a7 ADH-AES256-GCM-SHA384
                    00a6 ADH-AES128-GCM-SHA256
                    006d ADH-AES256-SHA256
                    00c5 ADH-CAMELLIA256-SHA256
                    006c ADH-AES128-SHA256
                    00bf ADH-CAMELLIA128-SHA256
                    c019 AECDH-AES256-SHA
                    003a ADH-AES256-SHA
                    0089 ADH-CAMELLIA256-SHA
                    c018 AECDH-AES128-SHA
                    0034 ADH-AES128-SHA
                    0046 ADH-CAMELLIA128-SHA
                    """);

    private static final Map<Integer, String> OF_TLS13 =
            named(
                    """
                    1302 TLS_AES_256_GCM_SHA384
                    1301 TLS_AES_128_GCM_SHA256
                    1303 TLS_CHACHA20_POLY1305_SHA256
                    1304 TLS_AES_128_CCM_SHA256
                    1305 TLS_AES_128_CCM_8_SHA256
                    """);

    private static final Map<Integer, String> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put(0x11ec, "X25519MLKEM768");
        GROUPS.put(0x001d, "x25519");
        GROUPS.put(0x0017, "secp256r1");
        GROUPS.put(0x0018, "secp384r1");
        GROUPS.put(0x0019, "secp521r1");
        GROUPS.put(0x001e, "x448");
        GROUPS.put(0x0100, "ffdhe2048");
        GROUPS.put(0x0101, "ffdhe3072");
        GROUPS.put(0x0102, "ffdhe4096");
        GROUPS.put(0x0103, "ffdhe6144");
        GROUPS.put(0x0104, "ffdhe8192");
    }

    private Suites() {}

    private static Map<Integer, String> named(String lines) {
        var named = new LinkedHashMap<Integer, String>();
        lines.lines()
                .map(line -> line.strip().split(" "))
                .forEach(line -> named.put(Integer.parseInt(line[0], 16), line[1]));
        return named;
    }

    /** For TLS 1.2 and older: strongest first, then those that nobody should take. */
    static List<Integer> upToTls12() {
        return Stream.of(UP_TO_TLS12.keySet(), OPEN.keySet(), WEAK)
                .flatMap(Collection::stream)
                .distinct()
                .toList();
    }

    static List<Integer> groups() {
        return List.copyOf(GROUPS.keySet());
    }

    static String group(int number) {
        return GROUPS.getOrDefault(number, "0x%04x".formatted(number));
    }

    /** As OpenSSL names it. */
    static String name(int suite) {
        return Stream.of(UP_TO_TLS12, OPEN, OF_TLS13)
                .map(names -> names.get(suite))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("0x%04x".formatted(suite));
    }

    /** Whether what was recorded can be read later by who gets the server's key. */
    static boolean lacksForwardSecrecy(int suite) {
        String name = UP_TO_TLS12.get(suite);
        return name != null && !name.startsWith("ECDHE-") && !name.startsWith("DHE-");
    }
}

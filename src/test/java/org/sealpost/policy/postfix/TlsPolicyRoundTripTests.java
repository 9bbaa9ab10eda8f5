package org.sealpost.policy.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sealpost.certificate.Digest;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.RuleCheck;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.testing.RealPostfix;
import tools.jackson.databind.node.ObjectNode;

/** Export then import is the identity, and Postfix reads what was exported as it is meant. */
class TlsPolicyRoundTripTests {

    private static final long SEED = 20261124;
    private static final int RULES = 1_000;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @EnumSource(Digest.class)
    void everyRuleComesBackAsItWas(Digest digest) {
        List<TlsPolicy> rules = rules();
        var content = TlsPolicyFile.parse(export(digest, rules));

        assertThat(content.problems()).isEmpty();
        assertThat(content.entries().stream().map(TlsPolicyFile.Entry::draft))
                .containsExactlyElementsOf(rules.stream().map(this::draft).toList());
    }

    /** What Postfix reads is every enforced rule it has words for, key by key, and nothing else. */
    @Test
    void postfixReadsTheSameEntries(@TempDir Path folder) throws Exception {
        RealPostfix.required();
        List<TlsPolicy> rules = rules();
        String export = export(Digest.SHA256, rules);
        Files.writeString(folder.resolve("main.cf"), "compatibility_level=3.6\n");
        Files.writeString(folder.resolve("tls_policy"), export);
        var wanted = new TreeMap<String, String>();
        export.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> {
                    int blank = line.indexOf(' ');
                    wanted.put(line.substring(0, blank), line.substring(blank + 1));
                });

        List<String> dumped =
                RealPostfix.run(
                        "postmap",
                        "-c",
                        folder.toString(),
                        "-s",
                        "texthash:" + folder + "/tls_policy");
        var seen = new TreeMap<String, String>();
        dumped.forEach(line -> {
            int tab = line.indexOf('\t');
            seen.put(line.substring(0, tab), line.substring(tab + 1));
        });

        assertThat(seen).isEqualTo(wanted);
        Map.Entry<String, String> one = wanted.firstEntry();
        assertThat(
                        RealPostfix.run(
                                "postmap",
                                "-c",
                                folder.toString(),
                                "-q",
                                one.getKey(),
                                "texthash:" + folder + "/tls_policy"))
                .containsExactly(one.getValue());
    }

    private String export(Digest digest, List<TlsPolicy> rules) {
        var writer = new TlsPolicyWriter(digest);
        var file = new StringBuilder(writer.header());
        rules.forEach(rule -> file.append(writer.entry(rule)));
        return file.toString();
    }

    private PolicyDraft draft(TlsPolicy rule) {
        return new PolicyDraft(
                rule.nextHop(),
                rule.level().word(),
                rule.attributes(),
                rule.mode(),
                rule.clientCertificateId(),
                rule.note());
    }

    private List<TlsPolicy> rules() {
        var rules = new ArrayList<TlsPolicy>();
        for (int i = 0; rules.size() < RULES; i++) {
            String level = pick("none", "may", "encrypt", "fingerprint", "verify", "secure");
            var draft =
                    new PolicyDraft(
                            key(i),
                            level,
                            attributes(level),
                            pick("enforced", "enforced", "enforced", "disabled"),
                            null,
                            note());
            if (RuleCheck.problems(draft).isEmpty()) {
                TlsPolicy rule = RuleCheck.stored(draft);
                rules.add(
                        new TlsPolicy(
                                i,
                                rule.nextHop(),
                                rule.level(),
                                rule.attributes(),
                                rule.mode(),
                                random.nextInt(10) == 0 ? random.nextLong(1, 100) : null,
                                rule.note(),
                                0));
            }
        }
        return rules;
    }

    private String key(int number) {
        return pick("d%d.example", ".d%d.example", "[mx%d.example]", "[mx%d.example]:587")
                .formatted(number);
    }

    private String note() {
        return pick("", "", "Partner Bücher", " two\nlines ", "# sealpost: {}", "\"quoted\" \\ \t");
    }

    private PolicyAttributes attributes(String level) {
        ObjectNode all = SealpostLine.JSON.createObjectNode();
        maybe(all, "protocols", ">=TLSv1.2", ">=TLSv1.2 , !SSLv3", "", "!SSLv2:!SSLv3", " >=0303");
        maybe(all, "ciphers", "high", "MEDIUM", "export");
        maybe(all, "exclude", "MD5:RC4", "aNULL, 3DES", "", "AES128 AES256+SHA");
        maybe(all, "servername", "hostname", "nexthop", "mx.example.net", "Bücher.example");
        maybe(all, "connect", "auto", "starttls", "implicit");
        maybe(all, "connection_reuse", "yes", "no");
        maybe(all, "enable_rpk", "no");
        if (random.nextInt(6) == 0) {
            all.put("policy_type", "sts").put("policy_domain", "example.net");
            maybe(all, "policy_ttl", "86400");
            maybe(all, "policy_failure", "validation-failure");
            list(all, "policy_string", "version: STSv1", "mode:enforce", "mx: {a, b}");
            list(all, "mx_host_pattern", "mx.example", "*.example.net");
        }
        if (level.equals("fingerprint")) {
            String labelled = pin();
            list(all, "match", labelled, pin() + "|" + pin(), pin() + " | " + pin());
            if (all.path("match").toString().contains(labelled) && random.nextBoolean()) {
                all.putObject("labels").putObject(labelled).put("label", "new in 2027");
            }
        } else if (level.equals("verify") || level.equals("secure") || level.equals("none")) {
            list(all, "match", "nexthop", "hostname:nexthop", "mx.example , .example.org");
            list(all, "tafile", "/etc/ssl/a.pem", "17", "b.pem", "/our partners/a,b.pem", "/a{b");
        }
        return SealpostLine.JSON.treeToValue(all, PolicyAttributes.class);
    }

    private String pin() {
        Digest digest = pick(Digest.values());
        String separator = pick("", ":");
        String hex =
                IntStream.range(0, digest.octets())
                        .mapToObj(_ -> pick("AA", "b0", "Cc", "17"))
                        .reduce((a, b) -> a + separator + b)
                        .orElseThrow();
        return pick("", "", digest.word() + ":", "spki-" + digest.word() + ":") + hex;
    }

    private void maybe(ObjectNode all, String name, String... values) {
        if (random.nextInt(4) == 0) {
            all.put(name, pick(values));
        }
    }

    private void list(ObjectNode all, String name, String... values) {
        for (int i = random.nextInt(3); i > 0; i--) {
            all.withArray(name).add(pick(values));
        }
    }

    @SafeVarargs
    private final <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }
}

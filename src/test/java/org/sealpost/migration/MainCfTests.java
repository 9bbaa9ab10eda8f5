package org.sealpost.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.testing.RealPostfix;

/** main.cf and its names, as postconf works them out. */
class MainCfTests {

    private static final String FILE =
            """
            # a comment
            myhostname = mx.example.com
            set = yes
            empty =
            many = one,
             two
            # inside

              three
            net=192.0.2.0/24
            deep = $many and ${set}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$myhostname                    | mx.example.com",
                "${myhostname}:25               | mx.example.com:25",
                "$(myhostname)                  | mx.example.com",
                "$mydomain                      | example.com",
                "a $many b                      | a one, two three b",
                "${set?on}/${empty?on}          | on/",
                "${set:off}/${empty:off}        | yes/off",
                "${set?{on}:{off}}              | on",
                "${empty?{on}:{off}}            | off",
                "${set?$net}                    | 192.0.2.0/24",
                "$deep.                         | one, two three and yes.",
                "cost: $$5                      | cost: $5",
                "${unknown}x                    | x"
            })
    void namesAreReplaced(String value, String wanted) {
        assertThat(new Expansion(MainCf.parse(FILE).effective()).of(value)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a = $b\nb = $a",
                "a = ${b",
                "a = $b$b\nb = $c$c\nc = $d$d\nd = $e$e\ne = $f$f\nf = $g$g\ng = $h$h\nh = $i$i\n"
                        + "i = $j$j\nj = $k$k\nk = $l$l\nl = $m$m\nm = $n$n\nn = $o$o\no = $p$p",
                "a = ${b!c}"
            })
    void aValueWithoutEndIsRefused(String file) {
        assertThatThrownBy(() -> new Expansion(MainCf.parse(file).effective()).value("a"))
                .isInstanceOf(Expansion.Unusable.class);
    }

    @Test
    void postconfWorksOutTheSameValues(@TempDir Path folder) throws Exception {
        RealPostfix.required();
        Files.writeString(folder.resolve("main.cf"), FILE + "relayhost = ${set?{$deep}:{no}}\n");
        Files.writeString(folder.resolve("master.cf"), "");

        List<String> value =
                RealPostfix.run("postconf", "-c", folder.toString(), "-x", "-h", "relayhost");

        assertThat(value)
                .containsExactly(
                        new Expansion(
                                        MainCf.parse(FILE + "relayhost = ${set?{$deep}:{no}}\n")
                                                .effective())
                                .value("relayhost"));
    }

    @Test
    void servicesAndTheirOverridesAreRead() {
        MasterCf master =
                MasterCf.parse(
                        """
                        smtp      inet  n       -       y       -       -       smtpd
                        submission inet n - y - - smtpd
                          -o syslog_name=postfix/submission
                        # -o commented=out
                          -o { smtpd_tls_security_level = encrypt } -osmtpd_sasl_auth_enable=yes
                        127.0.0.1:2526 inet n - - - - smtpd
                        broken line
                        """);

        assertThat(master.malformed()).containsExactly("broken line");
        assertThat(master.services())
                .extracting(MasterCf.Service::port)
                .containsExactly(25, 587, 2526);
        assertThat(master.services().get(1).overrides())
                .containsEntry("smtpd_tls_security_level", "encrypt")
                .containsEntry("smtpd_sasl_auth_enable", "yes")
                .containsEntry("syslog_name", "postfix/submission")
                .hasSize(3);
    }
}

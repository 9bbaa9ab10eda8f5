package org.sealpost.console;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateQuery;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.delivery.PresentedChains;
import org.sealpost.delivery.PresentedChains.PresentedChain;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.DomainName;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.Listeners.ListenerState;
import org.springframework.stereotype.Component;

/** Connects to our own listeners and compares what they serve with what is stored. */
@Component
class ServedCheck {

    private static final int MOST_NAMES = 5;

    private final Listeners listeners;
    private final PresentedChains chains;
    private final Certificates certificates;
    private final Settings settings;

    ServedCheck(
            Listeners listeners,
            PresentedChains chains,
            Certificates certificates,
            Settings settings) {
        this.listeners = listeners;
        this.chains = chains;
        this.certificates = certificates;
        this.settings = settings;
    }

    /**
     * What a listener serves to a client that asks for a name.
     *
     * @param fingerprint SHA-256; null when no certificate was seen
     * @param storedId the stored server certificate that it is; null when none is
     * @param problem why nothing was seen; null when something was
     */
    public record Served(
            String listener,
            String name,
            @Nullable String fingerprint,
            @Nullable Long storedId,
            @Nullable String problem) {}

    /** What all listeners that are up serve for a certificate's first name. */
    List<Served> of(StoredCertificate certificate) {
        return listeners.list().stream()
                .filter(listener -> listener.boundPort() > 0)
                .map(listener -> look(listener, nameOf(certificate)))
                .toList();
    }

    /** What one listener serves for each of its certificates' first names. */
    List<Served> of(ListenerState listener) {
        Stream<String> names =
                listener.settings().certificateIds().stream()
                        .flatMap(id -> certificates.find(id).stream())
                        .map(this::nameOf);
        return Stream.concat(names, Stream.of(hostname()))
                .distinct()
                .limit(MOST_NAMES)
                .map(name -> look(listener, name))
                .toList();
    }

    private Served look(ListenerState listener, String name) {
        String address = listener.settings().address();
        InetAddress place =
                address == null
                        ? InetAddress.getLoopbackAddress()
                        : AddressLiteral.parse(address)
                                .filter(known -> !known.isAnyLocalAddress())
                                .orElseGet(InetAddress::getLoopbackAddress);
        PresentedChain seen =
                chains.ofListener(
                        name, place, listener.boundPort(), listener.settings().implicitTls());
        if (seen.chain().isEmpty()) {
            return new Served(
                    listener.settings().name(), name, null, null, seen.checks().getLast().seen());
        }
        String print = seen.chain().getFirst().fingerprints().postfixMatch();
        return new Served(listener.settings().name(), name, print, stored(print), null);
    }

    private @Nullable Long stored(String fingerprint) {
        var query = new CertificateQuery(fingerprint, "server", "id", null, 1);
        return certificates.page(query).stream()
                .map(StoredCertificate::id)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** A name that can be asked for; a certificate without one is served for the relay's own. */
    private String nameOf(StoredCertificate certificate) {
        return certificate.subjectAlternativeNames().stream()
                .map(name -> name.replaceFirst("^\\*\\.", "any."))
                .filter(name -> DomainName.parse(name).isPresent())
                .findFirst()
                .orElseGet(this::hostname);
    }

    private String hostname() {
        return settings.get(GeneralSettings.SECTION).hostname();
    }
}

package org.sealpost.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.certificate.reading.CertificateFiles;
import org.sealpost.certificate.reading.FileContent;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;

/** Makes of uploaded files what would be stored: the leaf by its key, the chain in order. */
final class IntakeReader {

    private static final int MOST_CERTIFICATES = 1_000;

    /** Which issued which is found by trying each with each. */
    private static final int MOST_OF_A_CHAIN = 50;

    private final Surroundings surroundings;
    private final PendingKeys pending;

    /** The keys made here that wait for their certificate. */
    @FunctionalInterface
    interface PendingKeys {

        /** The key that an authority's answer belongs to; empty when it answers no request. */
        Optional<PrivateKey> of(X509Certificate answer);
    }

    IntakeReader(Surroundings surroundings, PendingKeys pending) {
        this.surroundings = surroundings;
        this.pending = pending;
    }

    /**
     * Reads an upload.
     *
     * @throws InvalidInput when the files cannot be read at all
     */
    Intake read(NewCertificate upload) {
        Purpose purpose =
                Purpose.parse(upload.purpose())
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "purpose",
                                        "“" + upload.purpose() + "” is not a purpose.",
                                        "Choose server, client, trust, anchor or peer."));
        FileContent content = content(upload);
        if (content.certificates().isEmpty()) {
            throw new InvalidInput(
                    "file",
                    content.privateKeys().isEmpty()
                            ? "No file was given."
                            : "There is no certificate beside the key.",
                    "Add the file with the certificate.");
        }
        return switch (purpose) {
            case SERVER, CLIENT -> identity(purpose, content);
            case PEER -> peer(content);
            case TRUST, ANCHOR ->
                    checked(purpose, content.certificates(), null, withoutKeys(content), List.of());
        };
    }

    private static FileContent content(NewCertificate upload) {
        long octets = upload.files().stream().mapToLong(file -> file.length).sum();
        if (octets > CertificateFiles.MOST_OCTETS) {
            throw CertificateFiles.tooLarge();
        }
        var certificates = new LinkedHashSet<X509Certificate>();
        var keys = new ArrayList<PrivateKey>();
        for (byte[] file : upload.files()) {
            FileContent content = CertificateFiles.read(file, upload.password());
            certificates.addAll(content.certificates());
            keys.addAll(content.privateKeys());
        }
        if (certificates.size() > MOST_CERTIFICATES) {
            throw new InvalidInput(
                    "file",
                    "The files hold more than 1,000 certificates.",
                    "Upload only the certificates that are needed.");
        }
        return new FileContent(List.copyOf(certificates), keys);
    }

    /**
     * The leaf is what the key was made for, wherever it stands and whatever the file is called.
     */
    private Intake identity(Purpose purpose, FileContent content) {
        List<X509Certificate> all = content.certificates();
        PrivateKey key = null;
        var leaves = new LinkedHashSet<X509Certificate>();
        for (PrivateKey candidate : content.privateKeys()) {
            List<X509Certificate> own = PrivateKeys.certificatesOf(candidate, all);
            if (!own.isEmpty()) {
                key = candidate;
                leaves.addAll(own);
            }
        }
        if (content.privateKeys().isEmpty()) {
            for (X509Certificate candidate : all) {
                Optional<PrivateKey> waiting = pending.of(candidate);
                if (waiting.isPresent()) {
                    key = waiting.get();
                    leaves.add(candidate);
                }
            }
        }
        if (leaves.size() != 1) {
            return checked(
                    purpose, all, null, List.of(leafProblem(purpose, content, leaves)), List.of());
        }
        ChainOrder order = ChainOrder.of(leaves.getFirst(), all);
        return checked(purpose, order.chain(), key, List.of(), leftOut(order));
    }

    private static Problem leafProblem(
            Purpose purpose, FileContent content, Set<X509Certificate> leaves) {
        if (leaves.size() > 1) {
            return new Problem(
                    "file",
                    "The files hold "
                            + leaves.size()
                            + " certificates with their keys, and only one can be meant.",
                    "Upload one certificate with its key at a time.");
        }
        if (content.privateKeys().isEmpty()) {
            return new Problem(
                    "file",
                    "A "
                            + purpose.word()
                            + " certificate needs its private key, and none of these answers a"
                            + " request made here.",
                    "Add the file with the private key.");
        }
        return new Problem(
                "file",
                "The private key belongs to none of the certificates.",
                "Give the key that the certificate was made for.");
    }

    /** A partner's certificate is the one that issued no other of the files. */
    private Intake peer(FileContent content) {
        List<X509Certificate> all = content.certificates();
        if (all.size() > MOST_OF_A_CHAIN) {
            throw new InvalidInput(
                    "file",
                    "The files hold " + all.size() + " certificates.",
                    "Upload one partner's certificate at a time, with its chain if you have it.");
        }
        List<X509Certificate> leaves =
                all.stream().filter(one -> ChainOrder.issuedNone(one, all)).toList();
        var errors = new ArrayList<>(withoutKeys(content));
        if (leaves.size() != 1) {
            errors.add(
                    new Problem(
                            "file",
                            "The files hold " + leaves.size() + " partners' certificates.",
                            "Upload one at a time, with its chain if you have it."));
            return checked(Purpose.PEER, all, null, errors, List.of());
        }
        ChainOrder order = ChainOrder.of(leaves.getFirst(), all);
        return checked(Purpose.PEER, order.chain(), null, errors, leftOut(order));
    }

    private static List<Problem> withoutKeys(FileContent content) {
        return content.privateKeys().isEmpty()
                ? List.of()
                : List.of(
                        new Problem(
                                "file",
                                "The files hold a private key, which belongs into no list of"
                                        + " authorities or partners.",
                                "Upload the certificate alone, and consider that key compromised"
                                        + " if it was sent to you."));
    }

    private static List<String> leftOut(ChainOrder order) {
        return order.leftOut().stream()
                .map(one -> Findings.name(one) + " is no part of the chain and was left out.")
                .toList();
    }

    private Intake checked(
            Purpose purpose,
            List<X509Certificate> chain,
            @Nullable PrivateKey key,
            List<Problem> problems,
            List<String> notes) {
        var errors = new ArrayList<>(problems);
        errors.addAll(Findings.weakKeys(chain));
        var warnings = new ArrayList<>(Findings.warnings(purpose, chain, surroundings));
        warnings.addAll(notes);
        return new Intake(purpose, chain, key, List.copyOf(errors), List.copyOf(warnings));
    }
}

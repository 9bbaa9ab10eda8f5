package org.sealpost.migration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.migration.PostfixFiles.Table;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.postfix.FileProblem;
import org.sealpost.policy.postfix.TlsPolicyFile;
import org.sealpost.policy.postfix.TlsPolicyFile.Content;
import org.sealpost.policy.postfix.TlsPolicyFile.Entry;

/** Finds the policy tables and makes one of them. */
final class PolicyTables {

    private final PostfixFiles files;
    private final Draft draft;
    private final Map<String, String> owners = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<FileProblem> problems = new ArrayList<>();
    private final List<FileProblem> warnings = new ArrayList<>();
    private boolean partRead;

    PolicyTables(PostfixFiles files, Draft draft) {
        this.files = files;
        this.draft = draft;
    }

    /** Reads {@code smtp_tls_policy_maps}; of several tables the first that has a key counts. */
    Finding maps(String value) {
        List<String> references = TableFiles.references(value);
        if (references.isEmpty()) {
            return Finding.ignored("It is empty.");
        }
        for (String reference : references) {
            Table table = Table.of(reference);
            if (!table.isText()) {
                return Finding.refused(
                        "A table of type "
                                + table.type()
                                + " is asked for each message and cannot be read here. Write its rules"
                                + " into a tls_policy file.");
            }
            String text =
                    TableFiles.find(
                            files, table, references.size() == 1, "tls_policy", files.tlsPolicy());
            if (text == null) {
                return Finding.refused(
                        table.path()
                                + " was not attached; without it mail would go out under weaker rules."
                                + " Send it along as the part tls_policy, or as a part named file.");
            }
            partRead |= text.equals(files.tlsPolicy());
            read(PostfixFiles.baseName(table.path()), text);
        }
        return Finding.applied("Its entries become TLS policies.");
    }

    /** Everything read, with the part {@code tls_policy} even where no parameter names it. */
    Content content() {
        String part = files.tlsPolicy();
        if (part != null && !partRead) {
            read("tls_policy", part);
        }
        return new Content(entries, problems, warnings);
    }

    private void read(String table, String text) {
        Content content = TlsPolicyFile.parse(text);
        problems.addAll(content.problems());
        warnings.addAll(content.warnings());
        for (Entry entry : content.entries()) {
            String owner = owners.putIfAbsent(String.valueOf(entry.draft().nextHop()), table);
            if (owner == null) {
                entries.add(renewed(entry));
            } else {
                draft.add(
                        table + ": " + entry.draft().nextHop(),
                        entry.text(),
                        Finding.ignored(
                                "The table " + owner + " is asked first and has this key."));
            }
        }
    }

    /** Old versions of TLS must neither stay nor become a limit. */
    private Entry renewed(Entry entry) {
        PolicyDraft rule = entry.draft();
        PolicyAttributes attributes = rule.attributes();
        String written = attributes == null ? null : attributes.protocols();
        if (attributes == null || written == null || !ProtocolText.of(written).obsolete()) {
            return entry;
        }
        String key = String.valueOf(rule.nextHop());
        draft.add(
                "tls_policy: " + key,
                "protocols=" + written,
                Finding.obsolete(
                        "“"
                                + written
                                + "” leaves only versions that are broken and not offered here; the rule"
                                + " gets protocols=>=TLSv1.2, and the original text in its note."));
        String before = String.valueOf(rule.note());
        return new Entry(
                entry.line(),
                entry.text(),
                new PolicyDraft(
                        key,
                        rule.level(),
                        attributes.toBuilder().protocols(ProtocolText.of(written).text()).build(),
                        rule.mode(),
                        rule.clientCertificateId(),
                        (before.isEmpty() ? "" : before + "\n")
                                + "Postfix had protocols="
                                + written));
    }
}

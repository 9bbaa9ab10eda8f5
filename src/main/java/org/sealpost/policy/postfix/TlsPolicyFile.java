package org.sealpost.policy.postfix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.postfix.LogicalLines.Piece;

/** Reads a whole {@code tls_policy}; everything that is wrong in it is found in one go. */
public final class TlsPolicyFile {

    static final String UNREAD = "sealpost-only:";

    private static final int LONGEST_ENTRY = 16_000;
    private static final int LONGEST_NOTE = 2_000;

    private final List<Entry> entries = new ArrayList<>();
    private final List<FileProblem> problems = new ArrayList<>();
    private final List<FileProblem> warnings = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<String> comments = new ArrayList<>();
    private @Nullable SealpostLine sealpost;

    private TlsPolicyFile() {}

    /** A rule and where it stands. */
    public record Entry(int line, String text, PolicyDraft draft) {

        public FileProblem problem(Problem problem) {
            return FileProblem.of(line, text, problem);
        }
    }

    /**
     * A file's content.
     *
     * @param entries the rules without grammatical mistakes, in the order of the file
     * @param problems why the file cannot be taken as it is
     * @param warnings what is ignored, as Postfix does
     */
    public record Content(
            List<Entry> entries, List<FileProblem> problems, List<FileProblem> warnings) {}

    public static Content parse(String file) {
        var reading = new TlsPolicyFile();
        LogicalLines.read(file, reading::take);
        reading.dangling();
        return new Content(reading.entries, reading.problems, reading.warnings);
    }

    private void take(Piece piece) {
        switch (piece) {
            case Piece.Text(int line, String text) -> entry(line, text, false);
            case Piece.Comment(int line, String text) -> comment(line, text.strip());
            case Piece.Blank _ -> {
                dangling();
                comments.clear();
            }
        }
    }

    private void comment(int line, String text) {
        if (text.startsWith(UNREAD)) {
            entry(line, text.substring(UNREAD.length()).strip(), true);
        } else if (text.startsWith(SealpostLine.PREFIX)) {
            dangling();
            sealpost = SealpostLine.parse(line, text).orElse(null);
            if (sealpost == null) {
                problem(
                        line,
                        "# " + text,
                        "There is no JSON object behind # sealpost:.",
                        "Write # sealpost: {\"note\":\"..\"}, or remove the line.");
            }
        } else {
            comments.add(text.replaceFirst("^#+\\s*", ""));
        }
    }

    private void entry(int line, String text, boolean unread) {
        SealpostLine extra = sealpost == null ? SealpostLine.none(line) : sealpost;
        String note = note();
        sealpost = null;
        comments.clear();
        if (text.isEmpty() || LogicalLines.isSpace(text.charAt(0))) {
            problem(
                    line,
                    text,
                    "The line begins with white space, but there is no entry that it could"
                            + " continue.",
                    "Move the key to the beginning of the line.");
        } else if (text.length() > LONGEST_ENTRY) {
            problem(
                    line,
                    text,
                    "The entry is longer than " + LONGEST_ENTRY + " characters.",
                    "Shorten it.");
        } else if (text.indexOf('\0') >= 0) {
            problem(line, text, "The entry holds a NUL character.", "Remove it.");
        } else {
            entry(line, text, extra, note, unread);
        }
    }

    private void entry(int line, String text, SealpostLine extra, String note, boolean unread) {
        int blank = 0;
        while (blank < text.length() && !LogicalLines.isSpace(text.charAt(blank))) {
            blank++;
        }
        var found = new ArrayList<Problem>();
        String written = text.substring(0, blank);
        String key = key(written).orElse("");
        if (key.isEmpty()) {
            found.add(noKey(written));
        } else {
            Integer first = lines.putIfAbsent(key, line);
            if (first != null) {
                found.add(duplicate(key, first));
            }
        }
        PolicyValue.Parsed value = PolicyValue.parse(text.substring(blank));
        found.addAll(value.problems());
        Optional<PolicyDraft> draft =
                extra.rule(key, value.level(), value.attributes(), note, unread, found);
        value.warnings().forEach(problem -> warnings.add(FileProblem.of(line, text, problem)));
        found.forEach(problem -> problems.add(FileProblem.of(line, text, problem)));
        if (found.isEmpty()) {
            draft.ifPresent(rule -> entries.add(new Entry(line, text, rule)));
        }
    }

    /** The key in the form the table keeps. */
    static Optional<String> key(String written) {
        return written.startsWith(".")
                ? DomainName.parse(written.substring(1)).map(domain -> "." + domain)
                : NextHop.parse(written).map(NextHop::text);
    }

    private static Problem noKey(String written) {
        String remedy =
                "Write example.com, .example.com for all its sub-domains, [mail.example.com] for a"
                        + " host without MX look-up, or either of the two hosts with :port.";
        if (written.equals("*")) {
            remedy = "Postfix knows no entry for everything; set the default level instead.";
        } else if (written.contains("@")) {
            remedy = "Rules are for next hops, not for addresses: write the domain.";
        } else if (written.endsWith(":")) {
            remedy = "Write the key without the colon, then a blank and the level.";
        }
        return new Problem("nextHop", "“" + written + "” is not a next hop.", remedy);
    }

    private static Problem duplicate(String key, int first) {
        return new Problem(
                "nextHop",
                "There is already an entry for " + key + " on line " + first + ".",
                "Leave one of them: Postfix takes the first from a hash table and refuses a texthash"
                        + " table.");
    }

    /** A # sealpost: line that no entry follows. */
    private void dangling() {
        if (sealpost != null) {
            problem(
                    sealpost.line(),
                    "# " + sealpost.text(),
                    "No entry follows this # sealpost: line.",
                    "Put it right above its entry, or remove it.");
            sealpost = null;
        }
    }

    /** The comment right above an entry, as many of its last lines as a note can hold. */
    private String note() {
        int from = comments.size();
        int length = -1;
        while (from > 0 && length + 1 + comments.get(from - 1).length() <= LONGEST_NOTE) {
            length += 1 + comments.get(--from).length();
        }
        return String.join("\n", comments.subList(from, comments.size())).strip();
    }

    private void problem(int line, String text, String message, String remedy) {
        problems.add(new FileProblem(line, text, message, remedy));
    }
}

package org.sealpost.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.policy.RelaxationRows.Row;
import org.sealpost.tls.TlsLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
@PreAuthorize("hasAuthority('policies:write')")
class StoredRelaxations implements Relaxations {

    private static final Logger LOG = LoggerFactory.getLogger(StoredRelaxations.class);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int SHORTEST_REASON = 3;
    private static final int LONGEST_REASON = 300;

    private final RelaxationRows rows;
    private final TlsPolicies policies;
    private final Clock clock;

    StoredRelaxations(RelaxationRows rows, TlsPolicies policies, Clock clock) {
        this.rows = rows;
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    @PreAuthorize("hasAuthority('policies:read')")
    public List<Relaxation> list() {
        return rows.all().stream().map(Row::relaxation).toList();
    }

    @Override
    @PreAuthorize("hasAuthority('policies:read')")
    public Optional<Relaxation> of(String nextHop) {
        return rows.of(nextHop).map(Row::relaxation);
    }

    @Override
    public Relaxation relax(NewRelaxation asked) {
        NextHop nextHop = NextHop.parse(text(asked.nextHop())).orElse(null);
        TlsLevel held = nextHop == null ? null : levelOf(policies.lookup(nextHop));
        TlsLevel level = level(text(asked.level()));
        Instant until = asked.until();
        String reason = text(asked.reason());
        var problems = problems(asked, nextHop, held, level, reason);
        if (!problems.isEmpty()
                || nextHop == null
                || held == null
                || level == null
                || until == null) {
            throw new InvalidInput(problems);
        }
        String key = nextHop.text();
        if (rows.of(key).isPresent()) {
            throw new Conflict(key + " is relaxed already.", "End that first.");
        }
        TlsPolicy own =
                policies.all().stream()
                        .filter(rule -> rule.nextHop().equals(key))
                        .findFirst()
                        .orElse(null);
        PolicyDraft before = own == null ? null : draft(own);
        PolicyDraft relaxed = relaxed(key, level, own, until, reason);
        String why = "Relaxed until " + minute(until) + ": " + reason;
        TlsPolicy stored =
                own == null
                        ? policies.create(relaxed, why)
                        : policies.update(own.id(), relaxed, own.version(), why);
        rows.insert(
                new Relaxation(0, key, level.word(), held.word(), until, caller()), stored, before);
        return rows.of(key).orElseThrow().relaxation();
    }

    @Override
    public void end(long id) {
        restore(rows.find(id).orElseThrow(() -> new NotFound("relaxation", id)));
    }

    /** Puts the rule back, unless somebody has changed it meanwhile: then that stays. */
    private void restore(Row row) {
        Relaxation relaxation = row.relaxation();
        TlsPolicy now = policies.find(row.ruleId()).orElse(null);
        rows.delete(relaxation.id());
        if (now == null || now.version() != row.ruleVersion()) {
            LOG.warn(
                    "the relaxed rule for {} was changed since, so it stays as it is now",
                    relaxation.nextHop());
            return;
        }
        String why = "The relaxation that " + relaxation.createdBy() + " began is over";
        PolicyDraft before = row.before();
        if (before == null) {
            policies.delete(now.id(), now.version(), why);
        } else {
            policies.update(now.id(), before, now.version(), why);
        }
        LOG.info(
                "the rule for {} asks for {} again", relaxation.nextHop(), relaxation.usualLevel());
    }

    private List<Problem> problems(
            NewRelaxation asked,
            @Nullable NextHop nextHop,
            @Nullable TlsLevel held,
            @Nullable TlsLevel level,
            String reason) {
        var problems = new ArrayList<Problem>();
        Instant now = clock.instant();
        Instant until = asked.until();
        if (nextHop == null) {
            add(problems, "nextHop", "That is no next hop.", "Write example.com or [host]:port.");
        }
        if (level == null) {
            add(problems, "level", "There is no such relaxation.", "Choose encrypt or may.");
        } else if (held != null && level.compareTo(held) >= 0) {
            add(
                    problems,
                    "level",
                    level.word() + " asks for no less than " + held.word() + ", which holds now.",
                    "Choose a weaker level, or leave the rule as it is.");
        }
        if (until == null || !until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            add(
                    problems,
                    "until",
                    "The end is missing, over already, or more than 30 days away.",
                    "Choose a time within the next 30 days.");
        }
        if (reason.length() < SHORTEST_REASON || reason.length() > LONGEST_REASON) {
            add(
                    problems,
                    "reason",
                    "The reason is missing, or longer than 300 characters.",
                    "Say why mail may go out with less protection for a while.");
        }
        return problems;
    }

    private static void add(List<Problem> problems, String field, String what, String cure) {
        problems.add(new Problem(field, what, cure));
    }

    private static @Nullable TlsLevel level(String word) {
        return word.equals("encrypt") ? TlsLevel.ENCRYPT : word.equals("may") ? TlsLevel.MAY : null;
    }

    private static TlsLevel levelOf(PolicyLookup lookup) {
        return switch (lookup) {
            case PolicyLookup.Found found -> found.requirement().level();
            case PolicyLookup.Unusable unusable -> unusable.level();
        };
    }

    private static PolicyDraft draft(TlsPolicy rule) {
        return new PolicyDraft(
                rule.nextHop(),
                rule.level().word(),
                rule.attributes(),
                rule.mode(),
                rule.clientCertificateId(),
                rule.note());
    }

    /** How to connect stays; whom to believe has no meaning at the weaker levels. */
    private static PolicyDraft relaxed(
            String key, TlsLevel level, @Nullable TlsPolicy own, Instant until, String reason) {
        PolicyAttributes attributes = PolicyAttributes.NONE;
        if (own != null) {
            PolicyAttributes old = own.attributes();
            attributes =
                    PolicyAttributes.builder()
                            .protocols(old.protocols())
                            .ciphers(old.ciphers())
                            .exclude(old.exclude())
                            .servername(old.servername())
                            .connect(old.connect())
                            .connectionReuse(old.connectionReuse())
                            .build();
        }
        return new PolicyDraft(
                key,
                level.word(),
                attributes,
                TlsPolicy.ENFORCED,
                own == null ? null : own.clientCertificateId(),
                "Relaxed until " + minute(until) + ": " + reason);
    }

    private static String minute(Instant time) {
        return time.truncatedTo(ChronoUnit.MINUTES).toString();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }

    private static String caller() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null ? "system" : caller.getName();
    }
}

package org.sealpost.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Routes;
import org.sealpost.delivery.Routes.Route;
import org.sealpost.delivery.Routes.RouteDraft;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.migration.Draft.Patch;
import org.sealpost.migration.Draft.PlannedRoute;
import org.sealpost.migration.MigrationReport.RouteReport;
import org.sealpost.migration.MigrationReport.Weaker;
import org.sealpost.policy.PolicyBatch;
import org.sealpost.policy.PolicyOutlook;
import org.sealpost.policy.StrengthChange;
import org.sealpost.policy.TlsDefaults;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsSettings;
import org.sealpost.policy.postfix.ImportReport;
import org.sealpost.policy.postfix.TlsPolicyImport;
import org.sealpost.policy.postfix.TlsPolicyImport.Mode;
import org.sealpost.queue.RetrySettings;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.SettingsSection;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Moves a Postfix configuration here. */
@Service
public class PostfixMigration {

    private static final int MOST_WEAKER = 10_000;

    private static final List<SettingsSection<?>> SECTIONS =
            List.of(
                    TlsSettings.SECTION,
                    GeneralSettings.SECTION,
                    RelaySettings.SECTION,
                    RetrySettings.SECTION);

    private final Settings settings;
    private final TlsDefaults tls;
    private final TlsPolicies policies;
    private final PolicyOutlook outlook;
    private final Routes routes;
    private final JsonMapper json;

    PostfixMigration(
            Settings settings,
            TlsDefaults tls,
            TlsPolicies policies,
            PolicyOutlook outlook,
            Routes routes,
            JsonMapper json) {
        this.settings = settings;
        this.tls = tls;
        this.policies = policies;
        this.outlook = outlook;
        this.routes = routes;
        this.json = json;
    }

    /** What would become of the configuration; nothing is changed. */
    @Transactional(readOnly = true)
    @PreAuthorize("hasAuthority('settings:write')")
    public MigrationReport plan(PostfixFiles files) {
        return worked(files).report(false);
    }

    /**
     * Applies the configuration, everything or nothing.
     *
     * @param skipRefused applies the rest although something was refused
     * @param reason why, for the audit; asked for when something gets weaker
     * @return what became of it; not applied when something was refused
     */
    @Transactional
    @PreAuthorize("hasAuthority('settings:write')")
    public MigrationReport apply(PostfixFiles files, boolean skipRefused, @Nullable String reason) {
        Worked worked = worked(files);
        MigrationReport plan = worked.report(false);
        if (plan.hasRefused() && !skipRefused) {
            return plan;
        }
        SECTIONS.forEach(section -> store(section, worked.draft(), reason));
        if (!worked.policies().batch().isEmpty()) {
            policies.apply(worked.policies().batch().because(reason));
        }
        Map<String, Route> known = known();
        worked.draft()
                .routes()
                .forEach((pattern, planned) -> store(pattern, planned, known.get(pattern)));
        return worked.report(true);
    }

    private record Worked(
            Draft draft, TlsPolicyImport.Plan policies, RouteReport routes, List<Weaker> weaker) {

        MigrationReport report(boolean applied) {
            ImportReport rules = policies.report();
            return new MigrationReport(
                    applied,
                    draft.parameters(),
                    rules,
                    routes,
                    draft.certificates(),
                    draft.listeners(),
                    weaker);
        }
    }

    private Worked worked(PostfixFiles files) {
        MigrationPlan.Read read = MigrationPlan.of(files, settings);
        SECTIONS.forEach(section -> check(section, read.draft()));
        TlsSettings inherited = defaults(read.draft());
        TlsPolicyImport.Plan rules =
                TlsPolicyImport.plan(policies, read.policies(), Mode.MERGE, inherited);
        PolicyBatch batch = rules.batch().under(inherited);
        return new Worked(
                read.draft(),
                new TlsPolicyImport.Plan(batch, rules.report()),
                compared(read.draft()),
                weaker(inherited, batch));
    }

    /** What asks less than now; a rule is compared with what held for its next hops before. */
    private List<Weaker> weaker(TlsSettings inherited, PolicyBatch batch) {
        StrengthChange change = tls.compare(inherited);
        Stream<Weaker> defaults =
                change.isWeaker()
                        ? Stream.of(
                                new Weaker(
                                        "settings", TlsSettings.SECTION.name(), change.reasons()))
                        : Stream.of();
        Stream<Weaker> rules =
                outlook.compare(batch).stream()
                        .filter(one -> one.strength().isWeaker())
                        .map(one -> new Weaker("policy", one.nextHop(), one.strength().reasons()));
        return Stream.concat(defaults, rules).limit(MOST_WEAKER).toList();
    }

    /** The defaults as the configuration would leave them: what its rules inherit. */
    private TlsSettings defaults(Draft draft) {
        return patched(TlsSettings.SECTION, draft.patches(TlsSettings.SECTION.name()));
    }

    /** Refuses the parameters whose values the section does not take, until it takes the rest. */
    private <T> void check(SettingsSection<T> section, Draft draft) {
        Map<String, Patch> patches = draft.patches(section.name());
        while (!patches.isEmpty()) {
            Problem problem;
            try {
                List<Problem> problems = section.check().apply(patched(section, patches));
                if (problems.isEmpty()) {
                    return;
                }
                problem = problems.getFirst();
            } catch (JacksonException unreadable) {
                problem = new Problem("", "The value is not understood.", "Correct it in main.cf.");
            }
            Patch guilty =
                    patches.getOrDefault(
                            problem.field().split("[.\\[]", 2)[0],
                            patches.values().iterator().next());
            draft.refuse(guilty.parameter(), problem.message() + " " + problem.remedy());
        }
    }

    private <T> void store(SettingsSection<T> section, Draft draft, @Nullable String reason) {
        Map<String, Patch> patches = draft.patches(section.name());
        T value = patched(section, patches);
        if (value.equals(settings.get(section))) {
            return;
        }
        if (value instanceof TlsSettings defaults) {
            tls.update(defaults, null, reason); // tells the audit what gets weaker
        } else {
            settings.update(section, value, null, reason);
        }
    }

    private <T> T patched(SettingsSection<T> section, Map<String, Patch> patches) {
        ObjectNode tree = json.valueToTree(settings.get(section));
        patches.forEach((field, patch) -> tree.set(field, patch.value()));
        return json.treeToValue(tree, section.type());
    }

    private RouteReport compared(Draft draft) {
        Map<String, Route> known = known();
        int added = 0;
        int unchanged = 0;
        for (Map.Entry<String, PlannedRoute> planned : draft.routes().entrySet()) {
            Route route = known.get(planned.getKey());
            if (route == null) {
                added++;
            } else if (route.nextHop().equals(planned.getValue().nextHop())) {
                unchanged++;
            }
        }
        int changed = draft.routes().size() - added - unchanged;
        return new RouteReport(added, changed, 0, unchanged, List.copyOf(draft.routeProblems()));
    }

    private void store(String pattern, PlannedRoute planned, @Nullable Route route) {
        var wanted = new RouteDraft(pattern, planned.nextHop(), null, null);
        if (route == null) {
            routes.create(wanted);
        } else if (!route.nextHop().equals(planned.nextHop())) {
            // A user name belongs to the server it was given for, so it does not move along.
            routes.update(route.id(), wanted, route.version());
        }
    }

    private Map<String, Route> known() {
        var known = new HashMap<String, Route>();
        routes.list().forEach(route -> known.put(route.pattern(), route));
        return known;
    }
}

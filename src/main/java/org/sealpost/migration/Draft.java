package org.sealpost.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.migration.MigrationReport.FoundCertificate;
import org.sealpost.migration.MigrationReport.FoundListener;
import org.sealpost.migration.MigrationReport.Outcome;
import org.sealpost.migration.MigrationReport.Parameter;
import org.sealpost.policy.postfix.FileProblem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a Postfix configuration comes to, while it is being read. */
final class Draft {

    private final List<Parameter> parameters = new ArrayList<>();

    /** The settings to change: section, field, value. */
    private final Map<String, Map<String, Patch>> patches = new LinkedHashMap<>();

    private final Map<String, PlannedRoute> routes = new LinkedHashMap<>();
    private final List<FileProblem> routeProblems = new ArrayList<>();
    private final List<FoundCertificate> certificates = new ArrayList<>();
    private final List<FoundListener> listeners = new ArrayList<>();

    /** A field's new value and the parameter it comes from. */
    record Patch(JsonNode value, String parameter) {}

    /** A route and the parameter or file it comes from. */
    record PlannedRoute(String nextHop, String source, int line, String text) {}

    void add(String name, String value, Finding finding) {
        parameters.add(new Parameter(name, value, finding.outcome(), finding.explanation()));
    }

    void set(String section, String field, JsonNode value, String parameter) {
        patches.computeIfAbsent(section, _ -> new LinkedHashMap<>())
                .put(field, new Patch(value, parameter));
    }

    void set(String section, String field, String value, String parameter) {
        set(section, field, JsonNodeFactory.instance.stringNode(value), parameter);
    }

    /**
     * Adds a route unless an earlier source, which Postfix asks first, has its pattern.
     *
     * @return that earlier one; null when this one was added
     */
    @Nullable PlannedRoute route(String pattern, PlannedRoute route) {
        return routes.putIfAbsent(pattern, route);
    }

    void routeProblem(FileProblem problem) {
        routeProblems.add(problem);
    }

    void certificate(String parameter, String file, String purpose) {
        certificates.add(new FoundCertificate(parameter, file, purpose));
    }

    void listener(FoundListener listener) {
        listeners.add(listener);
    }

    /** Turns the last word on a parameter into a refusal and takes its values back. */
    void refuse(String parameter, String explanation) {
        parameters.replaceAll(one ->
                one.name().equals(parameter)
                                && (one.outcome() == Outcome.APPLIED
                                        || one.outcome() == Outcome.OBSOLETE)
                        ? new Parameter(one.name(), one.value(), Outcome.REFUSED, explanation)
                        : one);
        patches.values()
                .forEach(section ->
                        section.values().removeIf(patch -> patch.parameter().equals(parameter)));
        routes.values().removeIf(route -> route.source().equals(parameter));
    }

    List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    Map<String, Patch> patches(String section) {
        return patches.getOrDefault(section, Map.of());
    }

    Map<String, PlannedRoute> routes() {
        return routes;
    }

    List<FileProblem> routeProblems() {
        return routeProblems;
    }

    List<FoundCertificate> certificates() {
        return List.copyOf(certificates);
    }

    List<FoundListener> listeners() {
        return List.copyOf(listeners);
    }
}

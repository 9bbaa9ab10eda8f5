package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What every template has to keep to. */
@RunningSealpost
class TemplateRulesTests {

    private static final Path TEMPLATES = Path.of("frontend-templates/templates");
    private static final Path STATIC = Path.of("frontend-templates/static");
    private static final Pattern LINK =
            Pattern.compile("(th:href|th:action|th:src|hx-get|hx-post|sse-connect)=\"([^\"]*)\"");
    private static final Pattern ADDRESS = Pattern.compile("@\\{(/[^}({]*(?:\\{[a-z]+}[^}(]*)*)");

    private final RequestMappingHandlerMapping handlers;

    TemplateRulesTests(
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers) {
        this.handlers = handlers;
    }

    @Test
    void everyLinkLeadsToAHandler() throws IOException {
        var dead = new ArrayList<String>();
        var checked = new ArrayList<String>();
        for (Path template : templates()) {
            for (MatchResult link : matches(LINK, template)) {
                boolean isForm = List.of("th:action", "hx-post").contains(link.group(1));
                for (String address : addresses(link)) {
                    checked.add(address);
                    if (!exists(address, isForm)) {
                        dead.add(TEMPLATES.relativize(template) + " -> " + address);
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(checked).hasSizeGreaterThan(20);
    }

    @Test
    void noTemplateHasWhatTheContentSecurityPolicyBlocks() throws IOException {
        var blocked =
                Pattern.compile(
                        "\\sstyle=|\\son[a-z]+=|<style|<script(?![^>]*src=)|hx-on|javascript:");
        for (Path template : templates()) {
            assertThat(matches(blocked, template)).as(template.toString()).isEmpty();
        }
    }

    @Test
    void everyFormThatChangesSomethingCarriesTheToken() throws IOException {
        // Thymeleaf adds the token to a form with th:action, and to no other.
        var bare = Pattern.compile("<form(?=[^>]*method=\"post\")(?![^>]*th:action)");
        for (Path template : templates()) {
            assertThat(matches(bare, template)).as(template.toString()).isEmpty();
        }
    }

    @Test
    void everyFieldHasALabel() throws IOException {
        var field =
                Pattern.compile(
                        "<(?:input|select|textarea)\\b[^>]*?\\s(?:th:)?id=\"([^\"]+)\"[^>]*>");
        for (Path template : templates()) {
            String text = Files.readString(template);
            for (MatchResult one : matches(field, template)) {
                String id = one.group(1);
                boolean insideLabel =
                        text.lastIndexOf("<label", one.start())
                                > text.lastIndexOf("</label", one.start());
                assertThat(insideLabel || text.contains("for=\"" + id + "\""))
                        .as(template + ": " + one.group())
                        .isTrue();
            }
        }
    }

    private boolean exists(String address, boolean isForm) {
        String path = address.replaceAll("\\{[a-z]+}", "1");
        if (path.startsWith("/webjars/")) {
            String file = path.replaceFirst("/webjars/([^/]+)/", "META-INF/resources/webjars/$1/");
            return !file.contains("..") && isInWebjar(path);
        }
        if (path.equals("/logout")) {
            return isForm; // Spring Security's own
        }
        return Files.exists(Path.of(STATIC + path)) || hasHandler(path, isForm);
    }

    private static boolean isInWebjar(String path) {
        var locator = new org.webjars.WebJarVersionLocator();
        String[] parts = path.substring("/webjars/".length()).split("/", 2);
        return parts.length == 2 && locator.fullPath(parts[0], parts[1]) != null;
    }

    private boolean hasHandler(String path, boolean isForm) {
        return handlers.getHandlerMethods().keySet().stream()
                .filter(info -> takes(info, isForm))
                .flatMap(info -> Stream.ofNullable(info.getPathPatternsCondition()))
                .flatMap(patterns -> patterns.getPatterns().stream())
                .anyMatch(pattern ->
                        pattern.matches(
                                org.springframework.http.server.PathContainer.parsePath(path)));
    }

    private static boolean takes(RequestMappingInfo info, boolean isForm) {
        var methods = info.getMethodsCondition().getMethods();
        return methods.contains(RequestMethod.GET)
                || (isForm && methods.contains(RequestMethod.POST));
    }

    private static List<String> addresses(MatchResult link) {
        return link.group(2).startsWith("/")
                ? List.of(link.group(2))
                : ADDRESS.matcher(link.group(2)).results().map(found -> found.group(1)).toList();
    }

    private static List<MatchResult> matches(Pattern pattern, Path template) throws IOException {
        return pattern.matcher(Files.readString(template)).results().toList();
    }

    private static List<Path> templates() throws IOException {
        try (Stream<Path> all = Files.walk(TEMPLATES)) {
            return all.filter(file -> file.toString().endsWith(".html")).toList();
        }
    }
}

package org.sealpost.console;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;

import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** Asks for the console's pages as somebody with given permissions. */
final class Pages {

    private static final String[] VIEWER = {
        "policies:read",
        "routes:read",
        "certificates:read",
        "queue:read",
        "selftests:read",
        "events:read",
        "settings:read"
    };

    private final MockMvcTester mvc;
    private final String[] permissions;
    private final RequestPostProcessor caller;

    private Pages(MockMvcTester mvc, String... permissions) {
        this.mvc = mvc;
        this.permissions = permissions;
        this.caller = user("eve").authorities(AuthorityUtils.createAuthorityList(permissions));
    }

    /** Somebody who may look, and do what is named. */
    static Pages of(WebApplicationContext application, String... more) {
        return new Pages(mvc(application), VIEWER).and(more);
    }

    /** The same who may do more. */
    Pages and(String... more) {
        String[] all = Arrays.copyOf(permissions, permissions.length + more.length);
        System.arraycopy(more, 0, all, permissions.length, more.length);
        return new Pages(mvc, all);
    }

    static MockMvcTester mvc(WebApplicationContext application) {
        return MockMvcTester.create(
                MockMvcBuilders.webAppContextSetup(application).apply(springSecurity()).build());
    }

    MvcTestResult get(String path) {
        return mvc.get().uri(path).with(caller).accept("text/html").exchange();
    }

    /** The page as this session gets it. */
    String page(String path, MockHttpSession session) {
        try {
            return mvc.get()
                    .uri(path)
                    .with(caller)
                    .session(session)
                    .exchange()
                    .getResponse()
                    .getContentAsString();
        } catch (UnsupportedEncodingException e) {
            throw new UncheckedIOException(e);
        }
    }

    MvcTestResult fragment(String path) {
        return mvc.get().uri(path).with(caller).header("HX-Request", "true").exchange();
    }

    MvcTestResult post(String path, Map<String, String> form) {
        var request = mvc.post().uri(path).with(caller).with(csrf());
        form.forEach(request::param);
        return request.exchange();
    }

    /** A form in which names may repeat, as tick boxes do. */
    MvcTestResult postAll(String path, Map<String, List<String>> form) {
        var request = mvc.post().uri(path).with(caller).with(csrf());
        form.forEach((name, values) -> request.param(name, values.toArray(String[]::new)));
        return request.exchange();
    }

    /** As htmx sends a form. */
    MvcTestResult postFragment(String path, Map<String, String> form) {
        var request = mvc.post().uri(path).with(caller).with(csrf()).header("HX-Request", "true");
        form.forEach(request::param);
        return request.exchange();
    }

    /** A form with a file in its field {@code file}. */
    MvcTestResult upload(String path, String name, byte[] content, Map<String, String> form) {
        var request =
                mvc.post()
                        .uri(path)
                        .multipart()
                        .file(new MockMultipartFile("file", name, "text/plain", content))
                        .with(caller)
                        .with(csrf());
        form.forEach(request::param);
        return request.exchange();
    }

    MvcTestResult post(String path, MockHttpSession session, Map<String, String> form) {
        var request = mvc.post().uri(path).with(caller).with(csrf()).session(session);
        form.forEach(request::param);
        return request.exchange();
    }

    MvcTestResult postWithoutToken(String path) {
        return mvc.post().uri(path).with(caller).exchange();
    }
}

package org.sealpost.standby;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.sealpost.settings.ConfigurationLost;
import org.springframework.boot.json.JsonWriter;

/** Answers everything with what is wrong: nobody can sign in, since the users are lost, too. */
final class LostPage extends HttpServlet {

    @Serial private static final long serialVersionUID = 1;

    private final String what;
    private final String remedy;

    LostPage(ConfigurationLost lost) {
        what = lost.explain();
        remedy = lost.remedy();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (path.startsWith("/actuator/health")) {
            answer(response, "application/json", json(Map.of("status", "DOWN")));
        } else if (path.startsWith("/api/")) {
            answer(
                    response,
                    "application/problem+json",
                    json(
                            Map.of(
                                    "type",
                                    "/problems/configuration-lost",
                                    "title",
                                    "Service Unavailable",
                                    "status",
                                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                                    "detail",
                                    what,
                                    "remedy",
                                    remedy)));
        } else {
            answer(response, "text/html", page());
        }
    }

    private String page() {
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Sealpost: configuration lost</title></head>
        <body>
        <main>
        <h1>The configuration is lost</h1>
        <p>%s</p>
        <h2>What to do</h2>
        <p>%s</p>
        <h2>Until then</h2>
        <p>No mail is delivered and none is accepted: senders are told to try again later
        (451 4.3.0). The mail in the spool stays there. Delivering it without its rules could send
        it unencrypted. Nobody can sign in here.</p>
        </main>
        </body>
        </html>
        """
                .formatted(escaped(what), escaped(remedy));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String json(Map<String, Object> values) {
        return JsonWriter.<Map<String, Object>>standard().writeToString(values);
    }

    private static void answer(HttpServletResponse response, String type, String text)
            throws IOException {
        response.setContentType(type);
        response.setCharacterEncoding("UTF-8");
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}

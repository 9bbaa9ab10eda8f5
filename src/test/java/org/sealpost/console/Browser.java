package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Debian's Chromium; a message on its console or a failed request fails the test. */
final class Browser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));

    /** How long a page may take on a machine that does other work too. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static final List<String> ARGUMENTS =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private final Playwright playwright;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private Browser(Path chromium, String address) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        context =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(chromium)
                                        .setArgs(ARGUMENTS))
                        .newContext(
                                new com.microsoft.playwright.Browser.NewContextOptions()
                                        .setBaseURL(address)
                                        .setViewportSize(1440, 900));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !isExpected(message.text())) {
                complaints.add(message.text() + " on " + page.url());
            }
        });
        page.onPageError(error -> complaints.add(error + " on " + page.url()));
    }

    /**
     * The browser lists refused forms and unknown pages as errors, which they are not here; nor is
     * a request that a newer one replaced or that a change of pages cut off. A request that failed
     * has one more line of its own.
     */
    private static boolean isExpected(String message) {
        return message.startsWith("htmx:sendAbort")
                || message.startsWith("htmx:afterRequest")
                || message.contains("status of 422")
                || message.contains("status of 404")
                || message.contains("status of 409");
    }

    /** Opens it, or skips the test where there is none, except in continuous integration. */
    static Browser open(int port) {
        var chromium = PLACES.stream().filter(Files::isExecutable).findFirst();
        boolean ci = "true".equals(System.getenv("CI"));
        assumeTrue(chromium.isPresent() || ci, "there is no Chromium on this machine");
        assertThat(chromium).as("Chromium in continuous integration").isPresent();
        return new Browser(chromium.get(), "http://127.0.0.1:" + port);
    }

    Page page() {
        return page;
    }

    /** Saves what is seen: light, dark, and at 800 pixels. */
    void photograph(String name) {
        shoot(name);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        shoot(name + "-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.setViewportSize(800, 900);
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
                .as("%s must fit into 800 pixels", name)
                .isEqualTo(800);
        shoot(name + "-800");
        page.setViewportSize(1440, 900);
    }

    /** Saves what is seen on a telephone, where wide tables scroll within themselves. */
    void photographSmall(String name) {
        page.setViewportSize(390, 844);
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
                .as("%s must fit into 390 pixels", name)
                .isEqualTo(390);
        shoot(name + "-390");
        page.setViewportSize(1440, 900);
    }

    /** Saves the window alone, as the documentation shows it. */
    void portrait(String name) {
        page.setViewportSize(1200, 800);
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(SCREENSHOTS.resolve(name + ".png"))
                        .setAnimations(ScreenshotAnimations.DISABLED));
        page.setViewportSize(1440, 900);
    }

    private void shoot(String name) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(SCREENSHOTS.resolve(name + ".png"))
                        .setAnimations(ScreenshotAnimations.DISABLED)
                        .setFullPage(true));
    }

    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        context.browser().close();
        playwright.close();
    }
}

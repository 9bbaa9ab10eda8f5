package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.sealpost.mail.Refusal;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.ModelAndView;

/**
 * An error as a page in the shell.
 *
 * @param explanation what happened
 * @param remedy what to do
 */
public record ErrorPage(int status, String title, String explanation, String remedy) {

    static ErrorPage of(HttpStatus status, String title, Refusal refusal) {
        return new ErrorPage(status.value(), title, refusal.explain(), refusal.remedy());
    }

    static ErrorPage of(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST ->
                    new ErrorPage(
                            400,
                            "That address cannot be read",
                            "A part of the address or of the form is not what this page expects.",
                            "Go back and choose the page from the navigation.");
            case FORBIDDEN ->
                    new ErrorPage(
                            403,
                            "Not allowed",
                            "Your roles do not include this.",
                            "Ask an administrator for the role, or sign in with another account.");
            case NOT_FOUND ->
                    new ErrorPage(
                            404,
                            "There is no such page",
                            "The address is wrong, or what it led to was removed.",
                            "Choose a page from the navigation.");
            case METHOD_NOT_ALLOWED ->
                    new ErrorPage(
                            405,
                            "That cannot be done here",
                            "The page does not take this kind of request.",
                            "Go back, load the page again and use its buttons.");
            case CONTENT_TOO_LARGE ->
                    new ErrorPage(
                            413,
                            "The file is too large",
                            "An upload may have at most 10 MB.",
                            "Upload fewer certificates at once.");
            default ->
                    status.is4xxClientError()
                            ? new ErrorPage(
                                    status.value(),
                                    "That request was refused",
                                    "Sealpost could not make sense of it.",
                                    "Go back, load the page again and repeat what you did.")
                            : new ErrorPage(
                                    status.value(),
                                    "Sealpost failed to do that",
                                    "Something went wrong inside Sealpost; mail goes on.",
                                    "Look into the log at this time for the reason, then try"
                                            + " again.");
        };
    }

    static ErrorPage staleForm() {
        return new ErrorPage(
                403,
                "That form cannot be used any more",
                "The page was open for too long, or the form did not come from this console.",
                "Load the page again and repeat what you did.");
    }

    ModelAndView show(HttpServletRequest request) {
        var page =
                new ModelAndView("error/page", Map.of("error", this, "frame", Frame.of(request)));
        page.setStatus(HttpStatus.valueOf(status));
        return page;
    }
}

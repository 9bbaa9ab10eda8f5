package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.ConfigurationNotSaved;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorViewResolver;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** Turns what goes wrong on a page into an error page that says what to do. */
@Component
@ControllerAdvice(basePackageClasses = Errors.class)
class Errors implements ErrorViewResolver {

    @ExceptionHandler
    ModelAndView notFound(NotFound e, HttpServletRequest request) {
        return ErrorPage.of(HttpStatus.NOT_FOUND, "Not found", e).show(request);
    }

    @ExceptionHandler
    ModelAndView conflict(Conflict e, HttpServletRequest request) {
        return ErrorPage.of(HttpStatus.CONFLICT, "That is not possible now", e).show(request);
    }

    @ExceptionHandler
    ModelAndView stale(StaleVersion e, HttpServletRequest request) {
        return ErrorPage.of(HttpStatus.CONFLICT, "Somebody else was faster", e).show(request);
    }

    @ExceptionHandler
    ModelAndView lostRace(OptimisticLockingFailureException e, HttpServletRequest request) {
        return stale(new StaleVersion("object", "of this page"), request);
    }

    @ExceptionHandler
    ModelAndView invalid(InvalidInput e, HttpServletRequest request) {
        return ErrorPage.of(HttpStatus.UNPROCESSABLE_CONTENT, "That was refused", e).show(request);
    }

    @ExceptionHandler
    ModelAndView notAllowed(NotAllowed e, HttpServletRequest request) {
        return ErrorPage.of(HttpStatus.FORBIDDEN, "Not allowed", e).show(request);
    }

    @ExceptionHandler
    ModelAndView notSaved(ConfigurationNotSaved e, HttpServletRequest request) {
        return ErrorPage.of(
                        HttpStatus.INTERNAL_SERVER_ERROR, "Stored, but not saved against loss", e)
                .show(request);
    }

    @ExceptionHandler
    ModelAndView denied(AccessDeniedException e, HttpServletRequest request) {
        return ErrorPage.of(HttpStatus.FORBIDDEN).show(request);
    }

    /** Whatever else ends at the container's error page, unknown addresses above all. */
    @Override
    public @Nullable ModelAndView resolveErrorView(
            HttpServletRequest request, HttpStatus status, Map<String, Object> model) {
        boolean stale = request.getAttribute("sealpost.stale-form") != null;
        return (stale ? ErrorPage.staleForm() : ErrorPage.of(status)).show(request);
    }
}

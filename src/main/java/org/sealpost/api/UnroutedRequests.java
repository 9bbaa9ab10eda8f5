package org.sealpost.api;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateReader;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Answers requests to the API that are refused before a controller is chosen: an unknown path,
 * method or media type, and forms that are too long or cut off. It stands apart from {@link
 * Problems}, which is asked only about controllers of the API; pages have their own way to say it.
 */
@RestControllerAdvice
class UnroutedRequests {

    private final Problems problems;

    UnroutedRequests(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<Object> tooLarge(MaxUploadSizeExceededException e, HttpServletRequest request) {
        if (isPage(request)) {
            throw e;
        }
        return problems.invalid(CertificateReader.tooLarge());
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> cutOff(MultipartException e, HttpServletRequest request) {
        if (isPage(request)) {
            throw e;
        }
        return problems.handleExceptionInternal(
                e, null, new HttpHeaders(), HttpStatus.BAD_REQUEST, new ServletWebRequest(request));
    }

    @ExceptionHandler({
        NoResourceFoundException.class,
        HttpRequestMethodNotSupportedException.class,
        HttpMediaTypeException.class
    })
    @Nullable ResponseEntity<Object> unknown(Exception e, HttpServletRequest request)
            throws Exception {
        if (isPage(request)) {
            throw e;
        }
        return problems.handleException(e, new ServletWebRequest(request));
    }

    private static boolean isPage(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/");
    }
}

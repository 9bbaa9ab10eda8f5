package org.sealpost.api;

import jakarta.servlet.http.HttpServletRequest;
import org.sealpost.certificate.CertificateReader;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MaxUploadSizeExceededException;

/**
 * Answers a form that the server cuts off before any controller is chosen, in the words of the
 * reader of smaller ones. It stands apart from {@link Problems}, which is asked only about
 * controllers of the API.
 */
@RestControllerAdvice
class UploadLimit {

    private final Problems problems;

    UploadLimit(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<Object> tooLarge(MaxUploadSizeExceededException e, HttpServletRequest request) {
        if (request.getRequestURI().startsWith("/api/")) {
            return problems.invalid(CertificateReader.tooLarge());
        }
        throw e; // a page of the console has its own way to say it
    }
}

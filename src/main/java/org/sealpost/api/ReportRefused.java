package org.sealpost.api;

import java.io.Serial;
import java.util.List;
import org.sealpost.mail.Refusal;

/** An import whose report speaks against it; the API answers 422 with the report in the problem. */
final class ReportRefused extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    private final String remedy;
    private final transient Object report;
    private final transient List<Problems.FieldError> errors;

    /**
     * A refusal.
     *
     * @param report a record, whose fields become members of the problem
     * @param errors what is wrong, where the report has no {@code errors} of its own
     */
    ReportRefused(String message, String remedy, Object report, List<Problems.FieldError> errors) {
        super(message);
        this.remedy = remedy;
        this.report = report;
        this.errors = List.copyOf(errors);
    }

    Object report() {
        return report;
    }

    List<Problems.FieldError> errors() {
        return errors;
    }

    @Override
    public String explain() {
        return String.valueOf(getMessage());
    }

    @Override
    public String remedy() {
        return remedy;
    }
}

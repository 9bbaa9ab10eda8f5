package org.sealpost.mail;

import java.io.Serial;
import java.util.List;

/**
 * Input of an administrator that cannot be accepted; nothing of it was stored. The API answers 422
 * with each problem, a form shows each at its field.
 */
public class InvalidInput extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public InvalidInput(List<Problem> problems) {
        super(problems.getFirst().message());
        this.problems = List.copyOf(problems);
    }

    public InvalidInput(String field, String message, String remedy) {
        this(List.of(new Problem(field, message, remedy)));
    }

    /** All problems found, at least one. */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public String explain() {
        return problems.getFirst().message();
    }

    @Override
    public String remedy() {
        return problems.getFirst().remedy();
    }

    /**
     * One thing that is wrong.
     *
     * @param field the input's name as the API spells it, e.g. {@code attributes.protocols}
     * @param message what is wrong
     * @param remedy what to write instead
     */
    public record Problem(String field, String message, String remedy) {}
}

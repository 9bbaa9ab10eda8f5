package org.sealpost.api;

import java.util.Collection;
import java.util.stream.Collectors;
import org.sealpost.mail.InvalidInput;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** A body that is JSON and yet not the document that is wanted: which field is wrong, and why. */
final class UnfitBody {

    private UnfitBody() {}

    static InvalidInput of(DatabindException e) {
        if (e.getCause() instanceof InvalidInput invalid) {
            return invalid;
        }
        String field = field(e);
        if (e instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> known = unknown.getKnownPropertyIds();
            return new InvalidInput(
                    field,
                    "There is no field " + field + ".",
                    "Use "
                            + (known == null
                                    ? "the fields that GET answers"
                                    : known.stream()
                                            .map(String::valueOf)
                                            .sorted()
                                            .collect(Collectors.joining(", ")))
                            + ".");
        }
        return new InvalidInput(
                field,
                "The value of "
                        + (field.equals("body") ? "the document" : field)
                        + " is not of the right kind.",
                "Compare it with what GET answers and with the description at /v3/api-docs.");
    }

    /** {@code attributes.match}; the elements of a list count as the list. */
    static String field(DatabindException e) {
        String field =
                e.getPath().stream()
                        .map(JacksonException.Reference::getPropertyName)
                        .filter(name -> name != null)
                        .collect(Collectors.joining("."));
        return field.isEmpty() ? "body" : field;
    }
}

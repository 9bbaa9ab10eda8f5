package org.sealpost.policy.postfix;

import org.sealpost.mail.InvalidInput.Problem;

/**
 * Something wrong in a file.
 *
 * @param line the physical line where the entry begins, from 1
 * @param text the entry, shortened when it is long
 * @param message what is wrong
 * @param remedy what to write instead
 */
public record FileProblem(int line, String text, String message, String remedy) {

    private static final int LONGEST_TEXT = 200;

    public FileProblem {
        String oneLine = text.strip().replaceAll("\\s+", " ");
        text =
                oneLine.length() <= LONGEST_TEXT
                        ? oneLine
                        : oneLine.substring(0, LONGEST_TEXT) + "…";
    }

    public static FileProblem of(int line, String text, Problem problem) {
        return new FileProblem(line, text, problem.message(), problem.remedy());
    }
}

package org.sealpost.migration;

import org.sealpost.migration.MigrationReport.Outcome;

/** What becomes of a parameter, and why. */
record Finding(Outcome outcome, String explanation) {

    static Finding applied(String explanation) {
        return new Finding(Outcome.APPLIED, explanation);
    }

    static Finding obsolete(String explanation) {
        return new Finding(Outcome.OBSOLETE, explanation);
    }

    static Finding refused(String explanation) {
        return new Finding(Outcome.REFUSED, explanation);
    }

    static Finding ignored(String explanation) {
        return new Finding(Outcome.IGNORED, explanation);
    }
}

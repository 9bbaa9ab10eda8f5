package org.sealpost.queue;

/** The kinds of databases, where the queue has to know them apart. */
enum QueueDatabase {
    /** One process; the mail is in the spool. */
    EMBEDDED(""),
    /** The mail is in rows. */
    POSTGRESQL(" for update skip locked");

    /** What makes a claim take its rows; H2 would lock every due row, and claims take turns. */
    private final String taking;

    QueueDatabase(String taking) {
        this.taking = taking;
    }

    static QueueDatabase of(String url) {
        return url.startsWith("jdbc:postgresql:") ? POSTGRESQL : EMBEDDED;
    }

    String taking() {
        return taking;
    }
}

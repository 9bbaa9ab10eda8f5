package org.sealpost.mail;

/** What is told when an input or a request is refused: what happened, and what to do. */
public interface Refusal {

    /** One sentence: what happened. */
    String explain();

    /** One sentence: what the reader can do about it. */
    String remedy();
}

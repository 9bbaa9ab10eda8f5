package org.sealpost.observability;

/**
 * Something that needs a person.
 *
 * @param event its kind, as {@code /settings/alerts} names it
 * @param subject what it is about; told at most once a day
 * @param text what happened and what to do
 * @param once whether it is told once for all, not again while it lasts
 */
record Alert(String event, String subject, String text, boolean once) {}

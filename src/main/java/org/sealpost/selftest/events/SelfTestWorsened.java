package org.sealpost.selftest.events;

/**
 * A self-test found something worse than the test before; published when it is stored.
 *
 * @param testId its id in the API
 * @param subject what was tested
 * @param text all of it in a sentence
 */
public record SelfTestWorsened(long testId, String subject, String text) {}

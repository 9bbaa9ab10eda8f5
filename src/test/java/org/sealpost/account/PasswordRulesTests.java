package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password1234",
                "Welcome123456",
                "1qaz2wsx3edc",
                "qwertyuiop123",
                "iloveyouforever",
                "sealpostsealpost",
                "P@ssw0rd2024!",
                "aaaaaaaaaaaaaaaa",
                "theodora-12345",
                "abcdefghijkl"
            })
    void whatIsTriedFirstIsRefused(String password) {
        assertThat(PasswordRules.problem("theodora", password))
                .hasValue("The password is one of those that are tried first.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Quiet-Harbour-33",
                "correcthorsebatterystaple",
                "choose twelve or more",
                "kXb7wq0Vn2Lp"
            })
    void whatNobodyGuessesMayBeUsed(String password) {
        assertThat(PasswordRules.problem("theodora", password)).isEmpty();
    }

    @Test
    void aLongOneIsMeasuredInNoTime() {
        assertThat(PasswordRules.problem("theodora", "Quiet-Harbour-33 ".repeat(11))).isEmpty();
        assertThat(PasswordRules.problem("theodora", "x".repeat(201)))
                .hasValue("The password is longer than 200 characters.");
    }
}

package org.sealpost.settings;

import java.util.List;
import java.util.function.Function;
import org.sealpost.mail.InvalidInput.Problem;

/**
 * One document of settings, e.g. {@code relay}; declared by the module that reads it.
 *
 * @param name the last part of {@code /api/v1/settings/NAME}
 * @param type the record that holds the values
 * @param check returns what is wrong with a value; an empty list accepts it
 */
public record SettingsSection<T>(String name, Class<T> type, Function<T, List<Problem>> check) {}

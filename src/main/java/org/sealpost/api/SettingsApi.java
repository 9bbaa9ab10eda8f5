package org.sealpost.api;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.AccountSettings;
import org.sealpost.delivery.DeliverySettings;
import org.sealpost.delivery.DnsSettings;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.policy.TlsDefaults;
import org.sealpost.policy.TlsSettings;
import org.sealpost.queue.RetrySettings;
import org.sealpost.settings.AlertSettings;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.RetentionSettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.SettingsSection;
import org.sealpost.settings.TimeSpan;
import org.sealpost.settings.Versioned;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** The settings an administrator edits, each section one document. */
@RestController
@RequestMapping("/api/v1/settings")
class SettingsApi {

    private static final Map<String, SettingsSection<?>> SECTIONS =
            Stream.of(
                            GeneralSettings.SECTION,
                            RelaySettings.SECTION,
                            RetrySettings.SECTION,
                            DeliverySettings.SECTION,
                            DnsSettings.SECTION,
                            RetentionSettings.SECTION,
                            AlertSettings.SECTION,
                            AccountSettings.SECTION,
                            TlsSettings.SECTION)
                    .collect(Collectors.toMap(SettingsSection::name, Function.identity()));

    private final Settings settings;
    private final TlsDefaults tls;
    private final JsonMapper json;

    SettingsApi(Settings settings, TlsDefaults tls, JsonMapper json) {
        this.settings = settings;
        this.tls = tls;
        this.json =
                json.rebuild()
                        .addModule(
                                new SimpleModule()
                                        .addDeserializer(Duration.class, new WrittenDurations()))
                        .build();
    }

    @GetMapping("/{section}")
    @PreAuthorize("hasAuthority('settings:read')")
    ResponseEntity<Object> get(@PathVariable String section) {
        return answer(settings.getVersioned(known(section)));
    }

    @PutMapping("/{section}")
    @PreAuthorize("hasAuthority('settings:write')")
    ResponseEntity<Object> put(
            @PathVariable String section,
            @RequestBody JsonNode body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = ChangeReason.HEADER, required = false) @Nullable String reason) {
        return answer(
                update(known(section), body, ETags.version(ifMatch), ChangeReason.read(reason)));
    }

    private <T> Versioned<T> update(
            SettingsSection<T> section,
            JsonNode body,
            @Nullable Long version,
            @Nullable String reason) {
        T value = read(section.type(), body);
        return value instanceof TlsSettings defaults
                ? cast(section.type(), tls.update(defaults, version, reason))
                : settings.update(section, value, version, reason);
    }

    private static <T> Versioned<T> cast(Class<T> type, Versioned<?> updated) {
        return new Versioned<>(type.cast(updated.value()), updated.version());
    }

    private <T> T read(Class<T> type, JsonNode body) {
        RequiredFields.check(type, body);
        try {
            return json.treeToValue(body, type);
        } catch (DatabindException e) {
            String field = UnfitBody.field(e);
            if (e instanceof MismatchedInputException mismatch
                    && mismatch.getTargetType() == Duration.class) {
                throw new InvalidInput(
                        field,
                        "The value of " + field + " is not a duration of at most a hundred years.",
                        TimeSpan.FORMS);
            }
            throw UnfitBody.of(e);
        }
    }

    private static SettingsSection<?> known(String name) {
        SettingsSection<?> section = SECTIONS.get(name);
        if (section == null) {
            throw new NotFound("settings section", name);
        }
        return section;
    }

    private static ResponseEntity<Object> answer(Versioned<?> settings) {
        return ResponseEntity.ok().eTag(ETags.of(settings.version())).body(settings.value());
    }
}

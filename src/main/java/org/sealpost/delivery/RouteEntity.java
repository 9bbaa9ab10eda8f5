package org.sealpost.delivery;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A route's row; the password is sealed under the master key. */
@Entity
@Table(name = "route")
class RouteEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String pattern;
    private String sender;
    private String nextHop;
    private String protocol;
    private @Nullable String username;
    private @Nullable String sealedPassword;
    private @Nullable String auth;
    private String sourceAddresses;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected RouteEntity() {}

    RouteEntity(RouteFields fields) {
        this.pattern = fields.pattern();
        this.sender = fields.sender();
        this.nextHop = fields.nextHop();
        this.protocol = fields.protocol();
        this.username = fields.username();
        this.auth = fields.auth();
        this.sourceAddresses = fields.sourceAddresses();
    }

    /**
     * A password belongs to the next hop and user it was given for; a change of either drops it.
     */
    void replaceBy(RouteFields fields) {
        if (!fields.nextHop().equals(nextHop) || !Objects.equals(fields.username(), username)) {
            sealedPassword = null;
        }
        pattern = fields.pattern();
        sender = fields.sender();
        nextHop = fields.nextHop();
        protocol = fields.protocol();
        username = fields.username();
        auth = fields.auth();
        sourceAddresses = fields.sourceAddresses();
    }

    void keepPassword(String sealed) {
        sealedPassword = sealed;
    }

    @Nullable String sealedPassword() {
        return sealedPassword;
    }

    long version() {
        return version;
    }

    Routes.Route toRoute() {
        if (id == null) {
            throw new IllegalStateException("not stored yet");
        }
        return new Routes.Route(
                id,
                pattern,
                sender.isEmpty() ? null : sender,
                nextHop,
                protocol,
                username,
                sealedPassword != null,
                auth,
                sourceAddresses.isEmpty() ? List.of() : List.of(sourceAddresses.split(" ")),
                version);
    }
}

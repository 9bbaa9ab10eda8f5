package org.sealpost.delivery;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
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
    private String nextHop;
    private @Nullable String username;
    private @Nullable String sealedPassword;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected RouteEntity() {}

    RouteEntity(String pattern, String nextHop, @Nullable String username) {
        this.pattern = pattern;
        this.nextHop = nextHop;
        this.username = username;
    }

    /**
     * A password belongs to the next hop and user it was given for; a change of either drops it.
     */
    void replaceBy(String newPattern, String newNextHop, @Nullable String newUsername) {
        if (!newNextHop.equals(nextHop) || !Objects.equals(newUsername, username)) {
            sealedPassword = null;
        }
        pattern = newPattern;
        nextHop = newNextHop;
        username = newUsername;
    }

    void keepPassword(String sealed) {
        sealedPassword = sealed;
    }

    @Nullable String username() {
        return username;
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
        return new Routes.Route(id, pattern, nextHop, username, sealedPassword != null, version);
    }
}

package org.sealpost.selftest;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ConnectionPermit;
import org.sealpost.delivery.Routes;
import org.sealpost.delivery.ServerLooks;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.selftest.Order.Subject;
import org.springframework.stereotype.Component;

/** Reads what shall be tested, and asks whether it may be. */
@Component
class Orders {

    private final Routes routes;
    private final ServerLooks servers;
    private final ListenerTest listeners;

    Orders(Routes routes, ServerLooks servers, ListenerTest listeners) {
        this.routes = routes;
        this.servers = servers;
        this.listeners = listeners;
    }

    /**
     * The order of the caller of this thread.
     *
     * @throws org.sealpost.mail.NotAllowed when it leads where the caller may not connect
     */
    Order check(NewSelfTest asked) {
        return check(asked, true);
    }

    /**
     * The order of the caller of this thread.
     *
     * @param resolving whether a host in brackets is looked up, too; without, only an address tells
     *     right now where it leads
     */
    Order check(NewSelfTest asked, boolean resolving) {
        Order order = read(asked, servers::permit);
        if (order instanceof Order.OfServers(Subject _, ConnectionPermit permit)
                && permit.nextHop().bracketed()
                && (resolving || AddressLiteral.parse(permit.nextHop().host()).isPresent())) {
            servers.find(permit);
        }
        return order;
    }

    /**
     * The order of a schedule, as far as the one who made it may go.
     *
     * @throws org.sealpost.mail.NotAllowed when that is no longer far enough
     */
    Order ofSchedule(NewSelfTest asked, boolean administrator) {
        return read(asked, nextHop -> servers.permit(nextHop, administrator));
    }

    private Order read(NewSelfTest asked, Function<NextHop, ConnectionPermit> permits) {
        long given =
                Stream.of(asked.listener(), asked.destination(), asked.nextHop())
                        .filter(Orders::isGiven)
                        .count();
        if (given != 1) {
            throw new InvalidInput(
                    "destination",
                    given == 0 ? "Nothing to test was named." : "More than one test was named.",
                    "Name one of listener, destination and nextHop.");
        }
        String listener = asked.listener();
        if (listener != null && isGiven(listener)) {
            return ofListener(listener.strip(), mailbox(asked.messageTo()));
        }
        if (isGiven(asked.messageTo())) {
            throw new InvalidInput(
                    "messageTo",
                    "A test message is sent through our own listeners only.",
                    "Name a listener, or leave messageTo out.");
        }
        String destination = asked.destination();
        if (destination != null && isGiven(destination)) {
            return ofDestination(destination.strip(), permits);
        }
        return ofNextHop(String.valueOf(asked.nextHop()).strip(), permits);
    }

    private static @Nullable String mailbox(@Nullable String written) {
        return !isGiven(written)
                ? null
                : MailAddress.parse(String.valueOf(written).strip())
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "messageTo",
                                        "“" + written + "” is not a mail address.",
                                        "Write name@example.com, or leave it out to send nothing."))
                        .toString();
    }

    private Order ofListener(String name, @Nullable String mailbox) {
        if (!listeners.exists(name)) {
            throw new InvalidInput(
                    "listener",
                    "There is no listener “" + name + "”.",
                    "Name smtp, smtps or submission.");
        }
        return new Order.OfListener(new Subject(Subject.LISTENER, name, null), mailbox);
    }

    private Order ofDestination(String written, Function<NextHop, ConnectionPermit> permits) {
        NextHop nextHop = routes.nextHopFor(recipient(written));
        return new Order.OfServers(
                new Subject(Subject.DESTINATION, written, nextHop.text()), permits.apply(nextHop));
    }

    private static MailAddress recipient(String written) {
        return Optional.of(written)
                .filter(text -> text.contains("@"))
                .or(() -> Optional.of("postmaster@" + written))
                .flatMap(MailAddress::parse)
                .orElseThrow(() ->
                        new InvalidInput(
                                "destination",
                                "“" + written + "” is neither a domain nor a mail address.",
                                "Write example.com or name@example.com."));
    }

    private static Order ofNextHop(String written, Function<NextHop, ConnectionPermit> permits) {
        NextHop nextHop =
                NextHop.parse(written)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "nextHop",
                                        "“" + written + "” is not a next hop.",
                                        "Write example.com for its MX hosts, or"
                                                + " [mail.example.com]:25."));
        return new Order.OfServers(
                new Subject(Subject.NEXT_HOP, nextHop.text(), nextHop.text()),
                permits.apply(nextHop));
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}

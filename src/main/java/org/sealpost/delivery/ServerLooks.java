package org.sealpost.delivery;

import java.io.IOException;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Connector.Request;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Connector.Visit;
import org.sealpost.delivery.RouteTable.Routed;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.SmtpReply;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.smtp.BoundListeners;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.Verdict;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;

/**
 * Looks at servers through the code that delivers, up to where mail would be offered: what a look
 * shows is what delivery meets.
 */
@Service
public class ServerLooks {

    private static final Duration LONGEST = Duration.ofSeconds(40);

    private final Settings settings;
    private final StoredRoutes routes;
    private final Targets targets;
    private final ConnectionGuard guard;
    private final Connector connector;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    ServerLooks(
            Settings settings,
            StoredRoutes routes,
            MailDns dns,
            BoundListeners listeners,
            Clock clock,
            ApplicationEventPublisher events) {
        this.settings = settings;
        this.routes = routes;
        this.targets = new Targets(dns, new Random(), listeners::contains);
        this.guard = new ConnectionGuard(routes);
        this.connector = new Connector(clock, TimeLimits.ON_REQUEST, LONGEST);
        this.clock = clock;
        this.events = events;
    }

    /** Somebody who looks; closing it ends all its connections, whatever they wait for. */
    public static final class Visitor implements AutoCloseable {
        private final Consumer<Socket> beforeConnect;
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private volatile boolean gone;

        public Visitor() {
            this(_ -> {});
        }

        /**
         * @param beforeConnect is shown each socket before it connects, e.g. to bind it
         */
        public Visitor(Consumer<Socket> beforeConnect) {
            this.beforeConnect = beforeConnect;
        }

        /** Takes a socket that is about to connect into its care. */
        public void opens(Socket socket) {
            beforeConnect.accept(socket);
            open.add(socket);
            if (gone) {
                close(socket);
            }
        }

        @Override
        public void close() {
            gone = true;
            open.forEach(Visitor::close);
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException alreadyGone) {
                // that is what is wanted
            }
        }
    }

    /**
     * How far the caller of this thread may go.
     *
     * @throws NotAllowed when the port alone forbids it
     */
    public ConnectionPermit permit(NextHop nextHop) {
        return audited(() -> guard.permit(nextHop));
    }

    /**
     * How far somebody may go who asked earlier.
     *
     * @throws NotAllowed when the port alone forbids it
     */
    public ConnectionPermit permit(NextHop nextHop, boolean administrator) {
        return guard.permit(nextHop, administrator);
    }

    /** Whether the caller of this thread may connect everywhere. */
    public boolean mayGoAnywhere() {
        return ConnectionGuard.isAdministrator();
    }

    /**
     * The servers in the order in which delivery tries them.
     *
     * @throws NotAllowed when the next hop itself names a place where its permit does not lead
     */
    public Found find(ConnectionPermit permit) {
        Found found =
                targets.find(permit.nextHop(), settings.get(GeneralSettings.SECTION).hostname());
        return audited(() -> {
            permit.require(found);
            return found;
        });
    }

    /** Whether mail for this next hop is sent with a user name and password. */
    public boolean signsIn(NextHop nextHop) {
        return routes.list().stream()
                .anyMatch(route ->
                        route.nextHop().equals(nextHop.text()) && route.username() != null);
    }

    /**
     * Opens a session as delivery would for a new message, and ends it with QUIT.
     *
     * @param wouldSignIn whether the session is judged as one for user name and password; neither
     *     is sent
     * @param onStage told whenever a stage begins, on the thread that connects
     * @throws NotAllowed when the permit does not lead to this address
     */
    public ServerLook look(
            Target server,
            ConnectionPermit permit,
            TlsRequirement requirement,
            boolean wouldSignIn,
            Visitor visitor,
            Consumer<ServerLook> onStage) {
        if (!permit.allows(server.address())) {
            throw permit.refused(server.address());
        }
        TlsPeer peer = server.peer();
        boolean implicit = requirement.isImplicit(server.port());
        var shown = new AtomicReference<@Nullable TlsObservation>();
        var transcript =
                new Transcript(
                        clock,
                        sofar ->
                                onStage.accept(
                                        new ServerLook(
                                                peer, implicit, sofar.stages(), null, null, null)));
        var request =
                new Request(
                        requirement,
                        settings.get(GeneralSettings.SECTION).hostname(),
                        Duration.ZERO,
                        way(permit.nextHop()),
                        shown::set,
                        new Visit(wouldSignIn, visitor::opens));
        String failure = null;
        Verdict verdict = null;
        switch (connector.open(server, request, transcript)) {
            case Result.Unreachable(String _, String text) -> failure = text;
            // Only the code: whatever answers here may be no mail server and not for these eyes.
            case Result.Rejected(SmtpReply reply, String command) ->
                    failure = "the server answered " + command + " with " + reply.code();
            case Result.Ruled(Verdict.Defer ruling) -> verdict = ruling;
            case Result.Open(OutboundSession session) -> {
                verdict = session.verdict();
                session.close();
            }
        }
        transcript.end();
        return new ServerLook(peer, implicit, transcript.stages(), failure, verdict, shown.get());
    }

    /** As the routes there have it, but nobody signs in. */
    private Way way(NextHop nextHop) {
        Way known =
                routes.leadingTo(nextHop).stream()
                        .findFirst()
                        .map(Routed::way)
                        .orElse(Way.smtp(null));
        return new Way(known.protocol(), null, known.sources())
                .fromOr(
                        SourceAddresses.read(
                                settings.get(DeliverySettings.SECTION).sourceAddresses()));
    }

    private <T> T audited(Supplier<T> asked) {
        try {
            return asked.get();
        } catch (NotAllowed refused) {
            tellDenied(refused);
            throw refused;
        }
    }

    /** A place one may not connect to is a permission one lacks, and audited as such. */
    private void tellDenied(NotAllowed refused) {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller != null) {
            events.publishEvent(
                    new AuthorizationDeniedEvent<>(
                            () -> caller, refused.explain(), new AuthorizationDecision(false)));
        }
    }
}

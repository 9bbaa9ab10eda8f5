package org.sealpost.delivery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.settings.Settings;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks the configured name servers, with a time limit, the machine's hosts file first. Answers are
 * kept as long as they say; other settings begin anew.
 */
@Component
class ResolverDns implements MailDns {

    private static final int MOST_CACHED = 50_000;

    /** In seconds; what a domain announces is honoured up to here. */
    private static final int LONGEST_CACHED = 3_600;

    /** In seconds; a domain that was just made should not be refused for long. */
    private static final int LONGEST_ABSENCE_CACHED = 60;

    private final Settings settings;
    private final HostsFileParser hosts;
    private volatile @Nullable Session session;

    private record Session(DnsSettings settings, LookupSession lookups) {}

    @Autowired // the other one is for tests
    ResolverDns(Settings settings) {
        this(settings, new HostsFileParser());
    }

    ResolverDns(Settings settings, HostsFileParser hosts) {
        this.settings = settings;
        this.hosts = hosts;
    }

    @Override
    public MxAnswer mx(DomainName domain) {
        return switch (ask(domain, Type.MX)) {
            case Answer.Records(List<Record> records) -> mx(records);
            case Answer.NoRecords() -> new MxAnswer.Hosts(List.of());
            case Answer.NoDomain() ->
                    inHostsFile(domain).isEmpty()
                            ? new MxAnswer.NoSuchDomain()
                            : new MxAnswer.Hosts(List.of());
            case Answer.Failed(String reason) -> new MxAnswer.Unavailable(reason);
        };
    }

    @Override
    public AddressAnswer addresses(DomainName host) {
        List<InetAddress> local = inHostsFile(host);
        if (!local.isEmpty()) {
            return new AddressAnswer.Addresses(local);
        }
        var addresses = new ArrayList<InetAddress>();
        String failure = null;
        for (int type : new int[] {Type.AAAA, Type.A}) {
            switch (ask(host, type)) {
                case Answer.Records(List<Record> records) ->
                        records.stream().flatMap(r -> address(r).stream()).forEach(addresses::add);
                case Answer.NoRecords(), Answer.NoDomain() -> {
                    // the other family may have one
                }
                case Answer.Failed(String reason) -> failure = reason;
            }
        }
        if (!addresses.isEmpty()) {
            return new AddressAnswer.Addresses(List.copyOf(addresses));
        }
        return failure == null ? new AddressAnswer.None() : new AddressAnswer.Unavailable(failure);
    }

    private static MxAnswer mx(List<Record> records) {
        var hosts = new ArrayList<Mx>();
        boolean anyMx = false;
        for (Record record : records) {
            if (record instanceof MXRecord mx) {
                anyMx = true;
                if (mx.getTarget().equals(Name.root)) {
                    return new MxAnswer.NullMx();
                }
                DomainName.parse(mx.getTarget().toString(true))
                        .map(host -> new Mx(mx.getPriority(), host))
                        .ifPresent(hosts::add);
            }
        }
        // An empty list would say that the domain has no MX and takes mail itself.
        return anyMx && hosts.isEmpty()
                ? new MxAnswer.NoUsableHost()
                : new MxAnswer.Hosts(List.copyOf(hosts));
    }

    private static Optional<InetAddress> address(Record record) {
        return switch (record) {
            case ARecord a -> Optional.of(a.getAddress());
            case AAAARecord aaaa -> Optional.of(aaaa.getAddress());
            default -> Optional.empty();
        };
    }

    private List<InetAddress> inHostsFile(DomainName host) {
        if (host.text().equals("localhost")) {
            return List.of(InetAddress.getLoopbackAddress()); // RFC 6761 §6.3
        }
        var found = new ArrayList<InetAddress>();
        try {
            Name name = Name.fromString(host.text() + ".");
            hosts.getAddressForHost(name, Type.A).ifPresent(found::add);
            hosts.getAddressForHost(name, Type.AAAA).ifPresent(found::add);
        } catch (IOException noHostsFile) {
            // the name servers know
        }
        return found;
    }

    private sealed interface Answer {
        record Records(List<Record> records) implements Answer {}

        record NoRecords() implements Answer {}

        record NoDomain() implements Answer {}

        record Failed(String reason) implements Answer {}
    }

    private Answer ask(DomainName name, int type) {
        DnsSettings now = settings.get(DnsSettings.SECTION);
        try {
            var question = Name.fromString(name.text() + ".");
            List<Record> records =
                    session(now)
                            .lookupAsync(question, type, DClass.IN)
                            .toCompletableFuture()
                            .get(now.timeout().toMillis() * 3, TimeUnit.MILLISECONDS)
                            .getRecords();
            return records.isEmpty() ? new Answer.NoRecords() : new Answer.Records(records);
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case NoSuchDomainException _ -> new Answer.NoDomain();
                case NoSuchRRSetException _ -> new Answer.NoRecords();
                case null, default -> new Answer.Failed(String.valueOf(e.getCause()));
            };
        } catch (TimeoutException e) {
            return new Answer.Failed("no answer within " + now.timeout().multipliedBy(3));
        } catch (TextParseException | UnknownHostException e) {
            return new Answer.Failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed("interrupted");
        }
    }

    private LookupSession session(DnsSettings now) throws UnknownHostException {
        Session known = session;
        if (known == null || !known.settings.equals(now)) {
            var cache = new Cache(DClass.IN);
            cache.setMaxEntries(MOST_CACHED);
            cache.setMaxCache(LONGEST_CACHED);
            cache.setMaxNCache(LONGEST_ABSENCE_CACHED);
            known =
                    new Session(
                            now,
                            LookupSession.builder().resolver(resolver(now)).cache(cache).build());
            session = known;
        }
        return known.lookups;
    }

    private static Resolver resolver(DnsSettings now) throws UnknownHostException {
        if (now.servers().isEmpty()) {
            var system = new ExtendedResolver();
            system.setTimeout(now.timeout());
            return system;
        }
        var resolvers = new ArrayList<Resolver>();
        for (String text : now.servers()) {
            DnsSettings.Server server = DnsSettings.Server.of(text);
            var resolver =
                    new SimpleResolver(
                            new InetSocketAddress(
                                    InetAddress.ofLiteral(server.address()), server.port()));
            resolver.setTimeout(now.timeout());
            resolvers.add(resolver);
        }
        return new ExtendedResolver(resolvers);
    }
}

package org.sealpost.delivery;

import java.net.InetAddress;
import java.util.List;
import org.sealpost.mail.DomainName;

/** What delivery asks of DNS. */
interface MailDns {

    /** The MX hosts of a domain. */
    MxAnswer mx(DomainName domain);

    /** The addresses of a host. */
    AddressAnswer addresses(DomainName host);

    /** An answer about MX. */
    sealed interface MxAnswer {
        /**
         * The domain's mail servers.
         *
         * @param hosts in no particular order; empty when the domain exists without MX
         */
        record Hosts(List<Mx> hosts) implements MxAnswer {}

        /** The domain takes no mail (RFC 7505). */
        record NullMx() implements MxAnswer {}

        /** There is no such domain. */
        record NoSuchDomain() implements MxAnswer {}

        /** Its MX records name no host, but addresses or the like. */
        record NoUsableHost() implements MxAnswer {}

        /** Nobody could tell now. */
        record Unavailable(String reason) implements MxAnswer {}
    }

    /** An MX record. */
    record Mx(int preference, DomainName host) {}

    /** An answer about addresses. */
    sealed interface AddressAnswer {
        /** At least one. */
        record Addresses(List<InetAddress> addresses) implements AddressAnswer {}

        /** The host does not exist or has no address. */
        record None() implements AddressAnswer {}

        /** Nobody could tell now. */
        record Unavailable(String reason) implements AddressAnswer {}
    }
}

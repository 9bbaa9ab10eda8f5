package org.sealpost.policy;

import java.util.List;
import org.sealpost.certificate.CertificateUse;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Names the rules whose {@code tafile} refers to a stored certificate. */
@Component
class AnchorUse implements CertificateUse {

    private final TlsPolicyRows rows;
    private final JsonMapper json;

    AnchorUse(TlsPolicyRows rows, JsonMapper json) {
        this.rows = rows;
        this.json = json;
    }

    @Override
    public List<String> of(long certificateId) {
        String id = Long.toString(certificateId);
        return rows.findByAttributesContaining("\"tafile\"").stream()
                .map(row -> row.toPolicy(json))
                .filter(rule -> {
                    List<String> tafile = rule.attributes().tafile();
                    return tafile != null && tafile.contains(id);
                })
                .map(rule -> "the policy " + rule.nextHop())
                .toList();
    }
}
